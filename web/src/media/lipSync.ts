/** What the server holds a voice for longer than a picture: its jitter buffer, and half a tick of the mix, in milliseconds. */
const heldByServer = 40;
/** Smaller changes are not worth another wait. */
const step = 10;

type Receiver = Pick<RTCRtpReceiver, 'getStats'> & { jitterBufferTarget?: number | null };

/**
 * Holds pictures until their voices are played. A browser does that by itself for one picture in the stream of the mix (session.md); the others
 * wait for as long as that one does. While there is none, for as long as the mix does, and what the server holds a voice.
 */
export class LipSync {
  readonly #mix: Waiting;
  readonly #held: Waiting;
  readonly #others: readonly Receiver[];

  /** @param held The picture that the browser holds by itself. */
  constructor(mix: Receiver, held: Receiver | undefined, others: readonly Receiver[]) {
    this.#mix = new Waiting(mix, 'jitterBufferDelay');
    this.#held = new Waiting(held, 'jitterBufferTargetDelay');
    this.#others = others;
  }

  /** To be called once a second or so. */
  async follow(): Promise<void> {
    const [mix, held] = await Promise.all([this.#mix.read(), this.#held.read()]);
    const target = Math.round(held ?? (mix ?? Number.NaN) + heldByServer);
    for (const picture of this.#others) {
      // Not a number while nothing is played.
      if ('jitterBufferTarget' in picture && Math.abs((picture.jitterBufferTarget ?? 0) - target) >= step) {
        picture.jitterBufferTarget = target;
      }
    }
  }
}

/** How long what a receiver plays has waited, on average since the last reading. */
class Waiting {
  #sum = 0;
  #count = 0;
  readonly #receiver: Receiver | undefined;
  readonly #figure: 'jitterBufferDelay' | 'jitterBufferTargetDelay';

  constructor(receiver: Receiver | undefined, figure: 'jitterBufferDelay' | 'jitterBufferTargetDelay') {
    this.#receiver = receiver;
    this.#figure = figure;
  }

  /** Milliseconds; null while nothing is played. */
  async read(): Promise<number | null> {
    const report = await this.#receiver?.getStats();
    const entry = [...(report?.values() ?? [])].find((one) => one.type === 'inbound-rtp');
    const [sum, count] = [entry?.[this.#figure] ?? 0, entry?.jitterBufferEmittedCount ?? 0];
    const [waited, played] = [sum - this.#sum, count - this.#count];
    [this.#sum, this.#count] = [sum, count];
    return waited > 0 && played > 0 ? (1000 * waited) / played : null;
  }
}
