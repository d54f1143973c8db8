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

  it('asks for nothing of those behind the “+N” tile, until they speak', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `p${i}`);
    enter(...ids.map((id) => camera(id)));
    expect(wanted()).toHaveLength(7);
    expect(wanted().some((text) => text.startsWith('p11 '))).toBe(false);
    speak('p11');
    expect(wanted()).toHaveLength(7);
    expect(wanted().some((text) => text.startsWith('p11 '))).toBe(true);
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
    expect(stage.tiles.value.places.map((place) => place.participantId)).toEqual(['b', 'c', 'a']);
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

  it('leaves a row that is never longer than the stage', () => {
    const ids = Array.from({ length: 30 }, (_, i) => `p${i}`);
    enter(...ids.map((id) => camera(id)));
    for (const width of [360, 800, 1400]) {
      stage.space.value = { width, height: 640 };
      stage.pin(pictureKey('p3', 'camera'));
      const { places, small } = stage.tiles.value;
      const row = places.length - 1 + 1;
      expect(row * small.width + (row - 1) * 8).toBeLessThanOrEqual(width);
      stage.pin(pictureKey('p3', 'camera'));
    }
  });
});
