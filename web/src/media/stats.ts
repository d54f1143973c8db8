/** One end of the selected pair; the address is null where the browser does not tell it. */
export interface PathEnd {
  address: string | null;
  port: number;
  type: 'host' | 'srflx' | 'prflx' | 'relay';
  protocol: 'udp' | 'tcp';
}

/** A picture as it is sent or decoded; the largest where there are several. */
export interface Picture {
  width: number;
  height: number;
  /** Frames per second; null where the browser does not say. */
  rate: number | null;
}

/** What getStats says of one connection, in the units a person reads. Null where the browser does not say. */
export interface ConnectionFigures {
  /** Milliseconds. */
  roundTrip: number | null;
  /** kbit/s since the reading before; null at the first. */
  sending: number | null;
  receiving: number | null;
  /** Share of packets of the voice mix lost since the start, 0 to 1. */
  loss: number | null;
  protocol: string | null;
  remote: string | null;
  localEnd: PathEnd | null;
  remoteEnd: PathEnd | null;
  /** How our own relay is reached: udp, tcp or tls; null without one. */
  relayProtocol: string | null;
  sent: Picture | null;
  decoded: Picture | null;
  audioCodec: string | null;
  videoCodec: string | null;
}

/** What the next reading needs of this one. */
export interface StatsReading {
  figures: ConnectionFigures;
  at: number;
  bytesSent: number;
  bytesReceived: number;
}

type Entry = Record<string, unknown> & { type: string; id: string };

/** Sums a stats report up. `before` is the reading before it, of the same peer connection. */
export function readStats(report: Iterable<Entry>, before: StatsReading | null): StatsReading {
  const entries = [...report];
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const of = (type: string) => entries.filter((entry) => entry.type === type);
  const transport = of('transport')[0];
  const pair =
    byId.get(text(transport?.selectedCandidatePairId) ?? '') ??
    // Firefox has no transport that says it, but marks the pair.
    of('candidate-pair').find((entry) => entry.selected === true) ??
    of('candidate-pair').find((entry) => entry.nominated === true && entry.state === 'succeeded');
  const remote = byId.get(text(pair?.remoteCandidateId) ?? '');
  const local = byId.get(text(pair?.localCandidateId) ?? '');
  const voice = of('inbound-rtp').find((entry) => entry.kind === 'audio');
  const codec = (kind: string) => {
    const stream = [...of('outbound-rtp'), ...of('inbound-rtp')].find((entry) => entry.kind === kind && entry.codecId);
    return text(byId.get(text(stream?.codecId) ?? '')?.mimeType)?.replace(/^\w+\//, '') ?? null;
  };
  const at = number(pair?.timestamp) ?? number(transport?.timestamp) ?? 0;
  // Firefox counts no bytes of a pair either: those of its streams come close.
  const sum = (type: string, what: string) => of(type).reduce((total, entry) => total + (number(entry[what]) ?? 0), 0);
  const bytesSent = number(pair?.bytesSent) || sum('outbound-rtp', 'bytesSent');
  const bytesReceived = number(pair?.bytesReceived) || sum('inbound-rtp', 'bytesReceived');
  const elapsed = before ? at - before.at : 0;
  const rate = (now: number, then: number) =>
    elapsed > 0 ? Math.max(0, Math.round(((now - then) * 8) / elapsed)) : null;
  const received = number(voice?.packetsReceived) ?? 0;
  const lost = Math.max(0, number(voice?.packetsLost) ?? 0);
  const roundTrip = number(pair?.currentRoundTripTime);
  const address = text(remote?.address) ?? text(remote?.ip);
  return {
    at,
    bytesSent,
    bytesReceived,
    figures: {
      roundTrip: roundTrip === null ? null : Math.round(roundTrip * 1000),
      sending: rate(bytesSent, before?.bytesSent ?? 0),
      receiving: rate(bytesReceived, before?.bytesReceived ?? 0),
      loss: received + lost > 0 ? lost / (received + lost) : null,
      protocol: text(remote?.protocol),
      remote: address ? `${address}:${remote?.port ?? ''}` : null,
      localEnd: endOf(local),
      remoteEnd: endOf(remote),
      relayProtocol: local?.candidateType === 'relay' ? text(local.relayProtocol) : null,
      sent: largest(of('outbound-rtp')),
      decoded: largest(of('inbound-rtp')),
      audioCodec: codec('audio'),
      videoCodec: codec('video'),
    },
  };
}

const types: ReadonlySet<unknown> = new Set(['host', 'srflx', 'prflx', 'relay']);

function endOf(candidate: Entry | undefined): PathEnd | null {
  if (!candidate) {
    return null;
  }
  const { candidateType, protocol } = candidate;
  return {
    address: text(candidate.address) ?? text(candidate.ip),
    port: number(candidate.port) ?? 0,
    type: types.has(candidateType) ? (candidateType as PathEnd['type']) : 'host',
    protocol: protocol === 'tcp' ? 'tcp' : 'udp',
  };
}

function largest(streams: readonly Entry[]): Picture | null {
  let best: Picture | null = null;
  for (const stream of streams) {
    const width = number(stream.frameWidth) ?? 0;
    const height = number(stream.frameHeight) ?? 0;
    if (stream.kind === 'video' && width * height > (best ? best.width * best.height : 0)) {
      best = { width, height, rate: number(stream.framesPerSecond) };
    }
  }
  return best;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
