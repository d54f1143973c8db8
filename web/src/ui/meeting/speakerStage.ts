/** Nobody who speaks leaves the stage sooner than this, in milliseconds. */
const staysFor = 2_000;

/** Who stands on the stage: who speaks most, never oneself, and no change in haste. */
export class SpeakerStage {
  onChange: (id: string | null) => void = () => {};

  #on: string | null = null;
  #since = Number.NEGATIVE_INFINITY;
  #dominant: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `others` are who is there beside oneself, those first whom one would rather see when nobody speaks. */
  see(dominant: string | null, others: readonly string[], now = performance.now()): void {
    clearTimeout(this.#timer);
    this.#dominant = dominant !== null && others.includes(dominant) ? dominant : null;
    if (this.#on === null || !others.includes(this.#on)) {
      this.#become(this.#dominant ?? others[0] ?? null, now);
    } else if (this.#dominant !== null && this.#dominant !== this.#on) {
      const wait = this.#since + staysFor - now;
      if (wait <= 0) {
        this.#become(this.#dominant, now);
      } else {
        this.#timer = setTimeout(() => this.see(dominant, others), wait);
      }
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #become(id: string | null, now: number): void {
    if (id !== this.#on) {
      this.#on = id;
      this.#since = now;
      this.onChange(id);
    }
  }
}
