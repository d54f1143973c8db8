/** The level of samples in dBFS, −100 for silence. */
export function decibels(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) {
    sum += sample * sample;
  }
  return samples.length && sum ? Math.max(-100, 10 * Math.log10(sum / samples.length)) : -100;
}

/** How full a meter is, 0 to 1, between a quiet room (−60 dBFS) and a raised voice (−10 dBFS). */
export function meterShare(level: number): number {
  return Math.min(1, Math.max(0, (level + 60) / 50));
}

/** Tells speech from a knock while muted: louder than −42 dBFS for most of half a second. */
export class SpeechDetector {
  #loudSince = Number.NaN;
  #lastLoud = Number.NaN;

  /** Takes one reading at a time in milliseconds; true once it is speech. */
  heard(level: number, now: number): boolean {
    if (level > -42) {
      if (!(now - this.#lastLoud < 250)) {
        this.#loudSince = now;
      }
      this.#lastLoud = now;
    }
    return now - this.#lastLoud < 250 && now - this.#loudSince >= 500;
  }

  reset(): void {
    this.#loudSince = Number.NaN;
    this.#lastLoud = Number.NaN;
  }
}
