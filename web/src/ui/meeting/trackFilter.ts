import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { FilteredTrack } from '../../media/filteredTrack';
import { setting } from '../../signalling/places';

export type Filter = (source: MediaStreamTrack) => Promise<FilteredTrack>;

/** Loaded when they are wanted first. */
export const filters = {
  /** RNNoise behind the microphone, beyond what the browser does by itself. */
  noise: async (microphone) => (await import('../../media/noise/noiseFilter')).filterNoise(microphone),
  /** Blurs all but the person. */
  blur: async (camera) => (await import('../../media/blur/backgroundBlur')).blurBackground(camera),
} satisfies Record<string, Filter>;

/** A device's track as the others get it: as the browser gives it, or with a filter behind it where the person wants that. */
export class TrackFilter {
  /** Remembered. */
  readonly wanted: ReadonlySignal<boolean>;
  /**
   * What to send. Until the filter runs, the device's own, or nothing where that shall not be seen; where it cannot run, the device's own:
   * nobody disappears for it.
   */
  readonly track = computed(() => {
    const source = this.#source.value;
    const { of, filtered } = this.#filtered.value;
    if (source && of === source && filtered) {
      return filtered.track;
    }
    return this.#hides && this.#wanted.value && source !== this.#shown.value ? null : source;
  });
  onFailed: () => void = () => {};

  readonly #source: ReadonlySignal<MediaStreamTrack | null>;
  readonly #key: string;
  readonly #wanted = signal(false);
  readonly #hides: boolean;
  /** What the others had seen as it is before the filter was wanted: there is nothing to hide any more. */
  readonly #shown = signal<MediaStreamTrack | null>(null);
  readonly #filtered = signal<{ of: MediaStreamTrack | null; filtered: FilteredTrack | null }>({
    of: null,
    filtered: null,
  });
  readonly #stop: () => void;

  /** @param hides What is filtered away must not be seen while the filter starts. */
  constructor(key: string, source: ReadonlySignal<MediaStreamTrack | null>, filter: Filter, hides = false) {
    this.#hides = hides;
    this.#key = key;
    this.#source = source;
    this.wanted = this.#wanted;
    this.#wanted.value = setting.get(key) === 'on';
    this.#stop = effect(() => {
      const track = source.value;
      return track && this.#wanted.value ? this.#run(track, filter) : undefined;
    });
  }

  choose(wanted: boolean): void {
    setting.set(this.#key, wanted ? 'on' : null);
    this.#shown.value = this.#source.peek();
    this.#wanted.value = wanted;
  }

  close(): void {
    this.#stop();
  }

  #run(source: MediaStreamTrack, filter: Filter): () => void {
    let gone = false;
    let running: FilteredTrack | null = null;
    filter(source).then(
      (filtered) => {
        if (gone) {
          filtered.close();
          return;
        }
        running = filtered;
        this.#filtered.value = { of: source, filtered };
      },
      () => {
        if (!gone) {
          // Not for good: another browser, or the next version of this one, may be able to.
          this.#wanted.value = false;
          this.onFailed();
        }
      },
    );
    return () => {
      gone = true;
      this.#filtered.value = { of: null, filtered: null };
      running?.close();
    };
  }
}
