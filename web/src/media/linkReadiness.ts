import type { Part } from './pathState';
import type { LinkReceivers } from './peerLink';

/** As much of a receiver as is read here. */
export type StatsSource = Pick<RTCRtpReceiver, 'getStats'>;

interface Inbound {
  packets: number;
  /** Samples that left the jitter buffer; 0 where the browser does not count them. */
  emitted: number;
  frames: number;
}

/** Packets of 20 ms after which a voice counts as there even when the browser does not say that it plays: one second. */
const packetsEnough = 50;

/** What a receiver has got so far. */
export async function readInbound(receiver: StatsSource): Promise<Inbound> {
  for (const entry of (await receiver.getStats()).values()) {
    if (entry.type === 'inbound-rtp') {
      return {
        packets: entry.packetsReceived ?? 0,
        emitted: entry.jitterBufferEmittedCount ?? 0,
        frames: entry.framesDecoded ?? 0,
      };
    }
  }
  return { packets: 0, emitted: 0, frames: 0 };
}

/** Whether a link delivers what the other has on (protocol.md §6): a voice that plays, and a decoded frame of each picture. */
export class LinkReadiness {
  #emitted = 0;
  #plays = false;
  readonly #receivers: Record<Part, StatsSource>;

  constructor(receivers: LinkReceivers | Record<Part, StatsSource>) {
    this.#receivers = receivers;
  }

  async read(expected: Record<Part, boolean>): Promise<boolean> {
    const there = await Promise.all([
      !expected.mic || this.#voice(),
      !expected.cam || this.#picture('cam'),
      !expected.screen || this.#picture('screen'),
    ]);
    return there.every(Boolean);
  }

  async #voice(): Promise<boolean> {
    const { packets, emitted } = await readInbound(this.#receivers.mic);
    this.#plays ||= packets >= packetsEnough || (packets > 0 && this.#emitted > 0 && emitted > this.#emitted);
    this.#emitted = emitted;
    return this.#plays;
  }

  async #picture(part: 'cam' | 'screen'): Promise<boolean> {
    return (await readInbound(this.#receivers[part])).frames > 0;
  }
}

/** Whether a picture comes from the server again: a frame was decoded in its slot since it was first asked for. */
export class SlotReturn {
  #receiver: StatsSource | null = null;
  #before = 0;

  async read(receiver: StatsSource | null): Promise<boolean> {
    if (!receiver) {
      this.#receiver = null;
      return false;
    }
    const { frames } = await readInbound(receiver);
    if (receiver !== this.#receiver) {
      this.#receiver = receiver;
      this.#before = frames;
      return false;
    }
    return frames > this.#before;
  }
}
