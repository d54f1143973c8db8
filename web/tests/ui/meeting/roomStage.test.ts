import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pictureKey } from '../../../src/media/viewRequests';
import { type MeetingState, outside, reduce } from '../../../src/signalling/meetingState';
import type { Participant } from '../../../src/signalling/protocol';
import { RoomStage } from '../../../src/ui/meeting/roomStage';
import { joined, participant } from '../../signalling/samples';

const on = { mic: true, cam: true };
const camera = (id: string, screen = false) => participant(id, { media: { ...on, screen } });
const state = signal<MeetingState>(outside);
let stage: RoomStage;

function enter(...others: Participant[]): void {
  state.value = reduce(outside, { type: 'joined', joined: joined('a', others) });
}

const speak = (id: string) => {
  state.value = reduce(state.value, { type: 'speakersChanged', speakers: { speaking: [id], dominant: id } });
};
const change = (next: Participant) => {
  state.value = reduce(state.value, { type: 'participantChanged', participant: next });
};
const wanted = (ratio = 1) =>
  stage
    .wanted(ratio)
    .map(({ participantId, source, width, height, pinned }) =>
      [
        participantId,
        ...(source === 'screen' ? [source] : []),
        `${width}x${height}`,
        ...(pinned ? ['pinned'] : []),
      ].join(' '),
    );

beforeEach(() => {
  vi.useFakeTimers();
  enter(camera('b'), camera('c'));
  stage = new RoomStage(state);
  stage.space.value = { width: 1400, height: 760 };
});

afterEach(() => {
  stage.close();
  vi.useRealTimers();
});

describe('the grid', () => {
  it('shows all alike and asks for the cameras that are on, in the size of their tiles', () => {
    expect(stage.large.value).toBeNull();
    expect(wanted()).toEqual(['b 672x384', 'c 672x384']);
    expect(wanted(2)).toEqual(['b 1344x768', 'c 1344x768']);
    change(participant('b'));
    expect(wanted()).toEqual(['c 672x384']);
  });

  it('asks for nothing of those on other pages, until they speak or one goes there', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `p${i}`);
    enter(...ids.map((id) => camera(id)));
    const who = () => wanted().map((text) => text.split(' ')[0]);
    expect(who()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
    speak('p11');
    expect(who()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p11']);
    stage.turn(1);
    expect(who()).toEqual(['p7', 'p8', 'p9', 'p10']);
    stage.turn(1);
    expect(stage.plan.value).toMatchObject({ page: 1, pages: 2 });
    stage.turn(-5);
    expect(stage.plan.value.page).toBe(0);
  });

  it('leaves the pages’ buttons their room', () => {
    const lowest = (tiles: typeof stage.tiles.value) => Math.max(...tiles.map((tile) => tile.height));
    enter(...Array.from({ length: 8 }, (_, i) => camera(`p${i}`)));
    const alone = lowest(stage.tiles.value);
    enter(...Array.from({ length: 9 }, (_, i) => camera(`p${i}`)));
    expect(stage.tiles.value).toHaveLength(9);
    expect(3 * (alone - lowest(stage.tiles.value))).toBeGreaterThanOrEqual(42);
  });

  it('is left when who was on the page has gone', () => {
    enter(...Array.from({ length: 9 }, (_, i) => camera(`p${i}`)));
    stage.turn(1);
    expect(stage.tiles.value.map((tile) => tile.participantId)).toEqual(['p8']);
    state.value = reduce(state.value, { type: 'participantLeft', left: { participantId: 'p8', reason: 'left' } });
    expect(stage.plan.value).toMatchObject({ page: 0, pages: 1 });
    expect(stage.tiles.value).toHaveLength(9);
  });
});

describe('the large picture', () => {
  it('is who speaks where one wants that, and the others are small', () => {
    stage.toggleLayout();
    expect(wanted()).toEqual(['b 1088x608', 'c 288x160']);
    vi.advanceTimersByTime(2_000);
    speak('c');
    expect(wanted()).toEqual(['c 1088x608', 'b 288x160']);
    // The page keeps its order: nothing is moved about in it.
    expect(stage.tiles.value.map((place) => place.participantId)).toEqual(['b', 'c', 'a']);
    speak('a');
    vi.advanceTimersByTime(10_000);
    expect(stage.large.value).toBe(pictureKey('c', 'camera'));
    stage.toggleLayout();
    expect(stage.large.value).toBeNull();
  });

  it('is a shared screen, as large as the stage, and the last of several', () => {
    change(camera('c', true));
    expect(wanted()).toEqual(['c screen 1408x608', 'b 288x160', 'c 288x160']);
    change(camera('b', true));
    // In order of joining, as nothing tells who began last.
    expect(stage.large.value).toBe(pictureKey('c', 'screen'));
    change(camera('c'));
    expect(stage.large.value).toBe(pictureKey('b', 'screen'));
  });

  it('is above all what the person pinned, as long as it is there', () => {
    change(camera('c', true));
    stage.pin(pictureKey('b', 'camera'));
    expect(wanted()[0]).toBe('b 1088x608 pinned');
    expect(wanted()[1]).toBe('c screen 288x160');
    stage.pin(pictureKey('b', 'camera'));
    expect(stage.large.value).toBe(pictureKey('c', 'screen'));
    stage.pin(pictureKey('b', 'camera'));
    state.value = reduce(state.value, { type: 'participantLeft', left: { participantId: 'b', reason: 'left' } });
    expect([stage.pinned.value, stage.large.value]).toEqual([null, pictureKey('c', 'screen')]);
  });

  it('is a shared screen in a grid too when one wants all alike, until the next one', () => {
    change(camera('c', true));
    stage.toggleLayout();
    expect([stage.layout.value, stage.large.value]).toEqual(['grid', null]);
    expect(wanted()[0]).toMatch(/^c screen/);
    stage.toggleLayout();
    expect(stage.large.value).toBe(pictureKey('c', 'screen'));
    change(camera('c'));
    stage.toggleLayout();
    stage.toggleLayout();
    change(camera('b', true));
    expect(stage.large.value).toBe(pictureKey('b', 'screen'));
  });

  it('is let go with the pin when another layout is chosen', () => {
    stage.pin(pictureKey('c', 'camera'));
    stage.choose('speaker');
    expect([stage.pinned.value, stage.large.value]).toEqual([null, pictureKey('b', 'camera')]);
    stage.pin(pictureKey('c', 'camera'));
    stage.toggleLayout();
    expect(stage.large.value).toBeNull();
  });

  it('leaves a row that is never longer than the stage', () => {
    const ids = Array.from({ length: 30 }, (_, i) => `p${i}`);
    enter(...ids.map((id) => camera(id)));
    for (const width of [360, 800, 1400]) {
      stage.space.value = { width, height: 640 };
      stage.pin(pictureKey('p3', 'camera'));
      const row = stage.tiles.value.filter((place) => !place.large);
      expect(row.length).toBeGreaterThanOrEqual(3);
      const taken = row.reduce((sum, place) => sum + place.width, 0);
      expect(taken + (row.length - 1) * 8).toBeLessThanOrEqual(width);
      stage.pin(pictureKey('p3', 'camera'));
    }
  });
});

describe('what is in front', () => {
  it('is what is large, else who speaks, else anybody else', () => {
    const front = () => [stage.front.value?.participantId, stage.front.value?.source];
    expect(front()).toEqual(['b', 'camera']);
    vi.advanceTimersByTime(10_000);
    speak('c');
    expect(front()).toEqual(['c', 'camera']);
    expect(stage.wantedFront({ width: 360, height: 200 }, 1)).toMatchObject([{ participantId: 'c', width: 384 }]);
    stage.pin(pictureKey('b', 'camera'));
    expect(front()).toEqual(['b', 'camera']);
    stage.pin(pictureKey('b', 'camera'));
    change(camera('b', true));
    expect(front()).toEqual(['b', 'screen']);
    enter();
    expect(stage.front.value).toBeNull();
    expect(stage.wantedFront({ width: 360, height: 200 }, 1)).toEqual([]);
  });
});

it('begins with the layout that was chosen last', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) });
  stage.choose('speaker');
  expect(new RoomStage(state).layout.value).toBe('speaker');
  kept.set('parley.layout', 'upside down');
  expect(new RoomStage(state).layout.value).toBe('automatic');
  vi.unstubAllGlobals();
});
