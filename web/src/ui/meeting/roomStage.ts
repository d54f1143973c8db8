import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { viewSize } from '../../media/slotAssignment';
import { pictureKey, type Wanted } from '../../media/viewRequests';
import type { MeetingState } from '../../signalling/meetingState';
import { setting } from '../../signalling/places';
import type { VideoSource } from '../../signalling/protocol';
import { bestGrid, type Layout, layouts, planTiles, stageGrid } from '../layout';
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

const layoutKey = 'layout';
/** Most tiles on a wide and on a narrow stage. */
const mostTiles = { wide: 9, narrow: 6 };
const narrow = 560;
const gap = 8;
/** What the buttons for the pages take below the tiles (meeting.css). */
const pagerHeight = 44;
/** A camera that is shown large is no wider than this, and no narrower than a square: the rest would be cut away. */
const widest = 16 / 9;

/**
 * Who is shown where and how large: all alike in a grid, or one picture large above a row. What the person pinned is large before a
 * shared screen, and that before who speaks. Whom there is no room for is on further pages.
 */
export class RoomStage {
  /** Inner size of the stage, in CSS pixels. */
  readonly space = signal({ width: 0, height: 0 });
  /** What was chosen last, in this meeting or another. */
  readonly layout = signal<Layout>(layouts.find((one) => one === setting.get(layoutKey)) ?? 'automatic');
  /** The picture that the person wants large, by `pictureKey`. */
  readonly pinned = computed(() =>
    this.#pin.value && this.#there.value.has(this.#pin.value) ? this.#pin.value : null,
  );

  /** Whose screens are shown, in order of joining. */
  readonly sharing = computed(() => this.#others.value.filter((p) => p.media.screen));
  /** The picture that is shown large, by `pictureKey`; null in a grid. */
  readonly large = computed(() => this.pinned.value ?? this.#largeByLayout.value);
  /** The one picture to show where there is room for one only: what is large, else who speaks; null when nobody else is here. */
  readonly front = computed((): { participantId: string; source: VideoSource } | null => {
    const speaker = this.#speaker.value;
    const key = this.large.value ?? (speaker && pictureKey(speaker, 'camera'));
    const screen = this.sharing.value.find(({ id }) => pictureKey(id, 'screen') === key);
    const person = this.#others.value.find(({ id }) => pictureKey(id, 'camera') === key) ?? this.#others.value[0];
    if (screen) {
      return { participantId: screen.id, source: 'screen' };
    }
    return person ? { participantId: person.id, source: 'camera' } : null;
  });
  readonly plan = computed(() => {
    const { participants, selfId, heard } = this.#state.value;
    const large = this.large.value;
    const screens = this.#screensInRow.value.length;
    const inRow = participants.map((p) => p.id).filter((id) => pictureKey(id, 'camera') !== large);
    const most = this.space.value.width < narrow ? mostTiles.narrow : mostTiles.wide;
    // Of the whole space, whether there are pages or not: else the pages themselves would change how many there are.
    const places = large ? Math.min(most, stageGrid(this.space.value, gap).places) : most;
    return planTiles(inRow, selfId, heard, Math.max(2, places - screens), this.#page.value);
  });
  /** Every tile, in the order of the page. */
  readonly tiles = computed((): readonly Place[] => {
    const { selfId } = this.#state.value;
    const large = this.large.value;
    const { shown, pages } = this.plan.value;
    const screens = this.sharing.value.map(({ id }) => ({ participantId: id, source: 'screen' as const }));
    // In order of joining and oneself last, whoever is large: the page does not move its tiles about.
    const visible = (id: string) => shown.includes(id) || pictureKey(id, 'camera') === large;
    const ids = [...this.#others.value.map((p) => p.id), selfId].filter(visible);
    const cameras = ids.map((id) => ({ participantId: id, source: 'camera' as const }));
    const all = [...screens, ...cameras];
    const { width, height } = this.space.value;
    const space = { width, height: Math.max(0, height - (pages > 1 ? pagerHeight : 0)) };
    const { small, ...stage } = large
      ? stageGrid(space, gap)
      : { small: bestGrid(all.length, space, gap), large: null };
    return all.map((picture): Place => {
      const isLarge = pictureKey(picture.participantId, picture.source) === large;
      return {
        ...picture,
        large: isLarge,
        ...(isLarge && stage.large ? largeSize(picture.source, stage.large) : sizeOf(small)),
      };
    });
  });

  readonly #state: ReadonlySignal<MeetingState>;
  readonly #pin = signal<string | null>(null);
  readonly #page = signal(0);
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
  readonly #largeByLayout = computed(() => {
    const screen = this.sharing.value.at(-1);
    if (this.layout.value === 'grid') {
      return null;
    }
    if (screen) {
      return pictureKey(screen.id, 'screen');
    }
    const speaker = this.layout.value === 'speaker' ? this.#speaker.value : null;
    return speaker && pictureKey(speaker, 'camera');
  });
  readonly #screensInRow = computed(() =>
    this.sharing.value.filter(({ id }) => pictureKey(id, 'screen') !== this.large.value),
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

  /** The person's latest wish counts: what was pinned before is let go. */
  choose(layout: Layout): void {
    setting.set(layoutKey, layout);
    batch(() => {
      this.#pin.value = null;
      this.#page.value = 0;
      this.layout.value = layout;
    });
  }

  /** From one picture large to all alike, and back. A grid without a screen is what `automatic` shows: the next screen is large again. */
  toggleLayout(): void {
    const screen = this.sharing.value.length > 0;
    if (this.large.value !== null) {
      this.choose(screen ? 'grid' : 'automatic');
    } else {
      this.choose(screen ? 'automatic' : 'speaker');
    }
  }

  /** Makes a picture large, or lets go of it. */
  pin(key: string): void {
    this.#pin.value = this.pinned.value === key ? null : key;
  }

  /** Turns so many pages on, or back. */
  turn(pages: number): void {
    const { page, pages: all } = this.plan.value;
    this.#page.value = Math.min(all - 1, Math.max(0, page + pages));
  }

  /** The pictures of others that are drawn, as large as they are drawn, the most wanted first. */
  wanted(ratio: number): Wanted[] {
    const rank = ({ large, source }: Place) => (large ? 0 : source === 'screen' ? 1 : 2);
    return this.#asked(
      [...this.tiles.value].sort((a, b) => rank(a) - rank(b)),
      ratio,
    );
  }

  /** The picture in front alone, at this size. */
  wantedFront(size: { width: number; height: number }, ratio: number): Wanted[] {
    const front = this.front.value;
    return front ? this.#asked([{ ...front, ...size }], ratio) : [];
  }

  #asked(pictures: readonly Omit<Place, 'large'>[], ratio: number): Wanted[] {
    const camera = new Set(this.#others.value.filter((p) => p.media.cam).map((p) => p.id));
    return pictures
      .filter(({ participantId, source }) => source === 'screen' || camera.has(participantId))
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
