import { defaultVideo } from './captureSettings';
import { Peer } from './peer';

/** How a check came out. */
export type Verdict = 'ok' | 'failed' | 'notOffered';

export interface CheckResult {
  verdict: Verdict;
  /** From the start of the check, in milliseconds. */
  took: number;
  /** What `negotiate` threw: the way itself was not tried then. */
  error?: unknown;
}

export interface MediaCheckOptions {
  /** Brings the offer to the server; null when it does not offer this way. Throws when it cannot be asked. */
  negotiate(sdp: string): Promise<string | null>;
  /** With it only this relay is used. */
  relay?: RTCIceServer;
  createPeerConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/** Longer than any handshake takes on a way that works, in milliseconds. */
const patience = 8_000;

class NotOffered extends Error {}

/** Connects to the server for a moment as a meeting would, by one way only, and says whether that works. */
export async function checkMedia(options: MediaCheckOptions): Promise<CheckResult> {
  const from = performance.now();
  const { relay, negotiate, createPeerConnection } = options;
  const configuration: RTCConfiguration = {
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
    iceServers: relay ? [relay] : [],
    iceTransportPolicy: relay ? 'relay' : 'all',
  };
  const pc = createPeerConnection?.(configuration) ?? new RTCPeerConnection(configuration);
  let verdict: Verdict = 'failed';
  let refused: { error: unknown } | undefined;
  try {
    const peer = new Peer(pc, 1, defaultVideo);
    const connected = whenConnected(pc);
    const offered = peer.offer(async (sdp) => {
      const answer = await negotiate(sdp);
      if (answer === null || !/^a=candidate:/m.test(answer)) {
        throw new NotOffered();
      }
      return answer;
    });
    verdict = (await Promise.all([offered, connected]))[1] ? 'ok' : 'failed';
  } catch (error) {
    if (error instanceof NotOffered) {
      verdict = 'notOffered';
    } else {
      refused = { error };
    }
  } finally {
    pc.close();
  }
  return { verdict, took: Math.round(performance.now() - from), ...refused };
}

function whenConnected(pc: RTCPeerConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patience);
    pc.onconnectionstatechange = () => {
      const { connectionState } = pc;
      if (connectionState === 'connected' || connectionState === 'failed') {
        clearTimeout(timer);
        resolve(connectionState === 'connected');
      }
    };
  });
}

/** The parts of a relay's URL that tell how it is reached (RFC 7065): udp, tcp or tls. */
export function relayScheme(url: string): 'udp' | 'tcp' | 'tls' {
  if (/^turns:/i.test(url)) {
    return 'tls';
  }
  return /[?&]transport=tcp\b/i.test(url) ? 'tcp' : 'udp';
}

/** One entry per way to reach a relay; the first of each, as more would only say the same. */
export function relaysByScheme(servers: readonly RTCIceServer[]): Map<'udp' | 'tcp' | 'tls', RTCIceServer> {
  const found = new Map<'udp' | 'tcp' | 'tls', RTCIceServer>();
  for (const server of servers) {
    for (const url of [server.urls].flat()) {
      const scheme = relayScheme(url);
      if (/^turns?:/i.test(url) && !found.has(scheme)) {
        found.set(scheme, { ...server, urls: [url] });
      }
    }
  }
  return found;
}
