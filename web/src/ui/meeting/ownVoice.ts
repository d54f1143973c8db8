import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { SpeechDetector } from '../../media/level';
import { measureLevel } from '../../media/levelMeter';

const hintEvery = 10_000;
const hintFor = 4_000;

/** Listens to the own microphone: its level, and whether one talks while muted. */
export class OwnVoice {
  /** In dBFS. */
  readonly level = signal(-100);
  /** True for a moment when somebody seems to talk while muted. */
  readonly talksMuted = signal(false);

  readonly #isOn: () => boolean;
  readonly #speech = new SpeechDetector();
  readonly #stop: () => void;
  #hintedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(track: ReadonlySignal<MediaStreamTrack | null>, isOn: () => boolean) {
    this.#isOn = isOn;
    this.#stop = effect(() => {
      const source = track.value;
      this.level.value = -100;
      return source ? measureLevel(source, (level) => this.#heard(level)) : undefined;
    });
  }

  /** The person did something about it. */
  dismiss(): void {
    clearTimeout(this.#timer);
    this.talksMuted.value = false;
  }

  close(): void {
    this.#stop();
    this.dismiss();
  }

  #heard(level: number): void {
    this.level.value = level;
    if (this.#isOn()) {
      this.#speech.reset();
      return;
    }
    const now = performance.now();
    if (this.#speech.heard(level, now) && now - this.#hintedAt > hintEvery) {
      this.#hintedAt = now;
      this.talksMuted.value = true;
      this.#timer = setTimeout(() => this.dismiss(), hintFor);
    }
  }
}
