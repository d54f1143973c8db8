import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { viewSize } from '../../media/slotAssignment';
import { pictureKey, type Wanted } from '../../media/viewRequests';
import type { MeetingState } from '../../signalling/meetingState';
import type { VideoSource } from '../../signalling/protocol';
import { bestGrid, planTiles, stageGrid } from '../layout';
import { SpeakerStage } from './speakerStage';

/** One tile as it is laid out, in CSS pixels. */
export interface Place {
  participantId: string;
  source: VideoSource;
  width: number;
  height: number;
  /** The one that stands above a row of others. */
  large: boolean;
}

/** Most tiles on a wide and on a narrow stage, the "+N" tile included. */
const mostTiles = { wide: 9, narrow: 6 };
const narrow = 560;
const gap = 8;
/** A camera that is shown large is no wider than this, and no narrower than a square: the rest would be cut away. */
const widest = 16 / 9;

/**
 * Who is shown where and how large: all alike in a grid, or one picture large above a row. What the person pinned is large before a
 * shared screen, and that before who speaks.
 */
export class RoomStage {
  /** Inner size of the stage, in CSS pixels. */
  readonly space = signal({ width: 0, height: 0 });
  /** Whether who speaks is shown large where nothing else is. */
  readonly followsSpeaker = signal(false);
  /** The picture that the person wants large, by `pictureKey`. */
  readonly pinned = computed(() =>
    this.#pin.value && this.#there.value.has(this.#pin.value) ? this.#pin.value : null,
  );

  /** Whose screens are shown, in order of joining. */
  readonly sharing = computed(() => this.#others.value.filter((p) => p.media.screen));
  /** The picture that is shown large, by `pictureKey`; null in a grid. */
  readonly large = computed(() => {
    const screen = this.sharing.value.at(-1);
    const speaker = this.followsSpeaker.value ? this.#speaker.value : null;
    return (
      this.pinned.value ??
      (screen ? pictureKey(screen.id, 'screen') : null) ??
      (speaker ? pictureKey(speaker, 'camera') : null)
    );
  });
  readonly plan = computed(() => {
    const { participants, selfId, heard } = this.#state.value;
    const large = this.large.value;
    const screens = this.sharing.value.filter(({ id }) => pictureKey(id, 'screen') !== large).length;
    const inRow = participants.map((p) => p.id).filter((id) => pictureKey(id, 'camera') !== large);
    const most = this.space.value.width < narrow ? mostTiles.narrow : mostTiles.wide;
    const places = large ? Math.min(most, stageGrid(this.space.value, gap).places) : most;
    return planTiles(inRow, selfId, heard, Math.max(2, places - screens));
  });
  /** Every tile, in the order of the page, and the size of the "+N" tile. */
  readonly tiles = computed(() => {
    const { selfId } = this.#state.value;
    const large = this.large.value;
    const { shown, hidden } = this.plan.value;
    const screens = this.sharing.value.map(({ id }) => ({ participantId: id, source: 'screen' as const }));
    // In order of joining and oneself last, whoever is large: the page does not move its tiles about.
    const visible = (id: string) => shown.includes(id) || pictureKey(id, 'camera') === large;
    const ids = [...this.#others.value.map((p) => p.id), selfId].filter(visible);
    const cameras = ids.map((id) => ({ participantId: id, source: 'camera' as const }));
    const all = [...screens, ...cameras];
    const { small, ...stage } = large
      ? stageGrid(this.space.value, gap)
      : { small: bestGrid(all.length + (hidden ? 1 : 0), this.space.value, gap), large: null };
    const places = all.map((picture): Place => {
      const isLarge = pictureKey(picture.participantId, picture.source) === large;
      return {
        ...picture,
        large: isLarge,
        ...(isLarge && stage.large ? largeSize(picture.source, stage.large) : sizeOf(small)),
      };
    });
    return { places, small: sizeOf(small) };
  });

  readonly #state: ReadonlySignal<MeetingState>;
  readonly #pin = signal<string | null>(null);
  readonly #speaker = signal<string | null>(null);
  readonly #others = computed(() => this.#state.value.participants.filter((p) => p.id !== this.#state.value.selfId));
  /** What can be pinned. */
  readonly #there = computed(
    () =>
      new Set([
        ...this.#others.value.map((p) => pictureKey(p.id, 'camera')),
        ...this.sharing.value.map((p) => pictureKey(p.id, 'screen')),
      ]),
  );
  readonly #follow = new SpeakerStage();
  readonly #dispose: () => void;

  constructor(state: ReadonlySignal<MeetingState>) {
    this.#state = state;
    this.#follow.onChange = (id) => {
      this.#speaker.value = id;
    };
    this.#dispose = effect(() => {
      const { dominant, heard } = state.value;
      const others = this.#others.value.map((p) => p.id);
      this.#follow.see(
        dominant,
        others.sort((a, b) => (heard[b] ?? 0) - (heard[a] ?? 0)),
      );
    });
  }

  toggleLayout(): void {
    this.followsSpeaker.value = !this.followsSpeaker.value;
  }

  /** Makes a picture large, or lets go of it. */
  pin(key: string): void {
    this.#pin.value = this.pinned.value === key ? null : key;
  }

  /** The pictures of others that are drawn, as large as they are drawn, the most wanted first. */
  wanted(ratio: number): Wanted[] {
    const camera = new Set(this.#others.value.filter((p) => p.media.cam).map((p) => p.id));
    const rank = ({ large, source }: Place) => (large ? 0 : source === 'screen' ? 1 : 2);
    return this.tiles.value.places
      .filter(({ participantId, source }) => source === 'screen' || camera.has(participantId))
      .sort((a, b) => rank(a) - rank(b))
      .map(({ participantId, source, width, height }) => ({
        participantId,
        source,
        width: viewSize(width, ratio),
        height: viewSize(height, ratio),
        pinned: pictureKey(participantId, source) === this.pinned.value,
      }));
  }

  close(): void {
    this.#dispose();
    this.#follow.close();
  }
}

function sizeOf({ width, height }: { width: number; height: number }) {
  return { width, height };
}

/** A screen takes all there is and is shown whole; a camera fills its tile. */
function largeSize(source: VideoSource, space: { width: number; height: number }) {
  if (source === 'screen') {
    return sizeOf(space);
  }
  const width = Math.floor(Math.min(space.width, space.height * widest));
  return { width, height: Math.floor(Math.min(space.height, width)) };
}
