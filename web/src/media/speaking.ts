/** Louder than this is speech, as a share of full scale: about −40 dBFS. */
const loud = 0.01;
/** Words have gaps: a voice counts as speaking for this long after it was last loud, in milliseconds. */
const held = 600;

/** Whether somebody speaks, from readings of their level. */
export class SpeakingHold {
  #lastLoud = Number.NEGATIVE_INFINITY;

  /** Takes a level of 0 to 1 at a time in milliseconds. */
  heard(level: number, now: number): boolean {
    if (level >= loud) {
      this.#lastLoud = now;
    }
    return now - this.#lastLoud < held;
  }
}

/** How loud what a receiver plays is now, 0 to 1. */
export function levelOf(receiver: Pick<RTCRtpReceiver, 'getSynchronizationSources'> | null): number {
  return Math.max(0, ...(receiver?.getSynchronizationSources() ?? []).map((source) => source.audioLevel ?? 0));
}
