import { describe, expect, it } from 'vitest';
import { chatKept } from '../../src/signalling/chatState';
import { type MeetingEvent, type MeetingState, outside, reduce } from '../../src/signalling/meetingState';
import { joined, message, participant } from './samples';

const play = (events: MeetingEvent[], from: MeetingState = outside) => events.reduce(reduce, from);
const inside = (...args: Parameters<typeof joined>) => play([{ type: 'joined', joined: joined(...args) }]);
const outgoing = (clientId: string, text = clientId) => ({
  type: 'chatQueued' as const,
  outgoing: { clientId, text, to: null, queuedAt: '2026-01-01T10:00:00.000Z', failure: null },
});

describe('participants', () => {
  it('come from the snapshot in order of joining, and newcomers after them', () => {
    const state = play([{ type: 'participantJoined', participant: participant('c') }], inside('a', [participant('b')]));
    expect(state.participants.map((p) => p.id)).toEqual(['a', 'b', 'c']);
  });

  it('are not doubled by an event that the snapshot already contains', () => {
    const state = play(
      [{ type: 'participantJoined', participant: participant('b', { name: 'New name' }) }],
      inside('a', [participant('b')]),
    );
    expect(state.participants.map((p) => p.name)).toEqual(['Name of a', 'New name']);
  });

  it('take their slots, their voice and their turn with them when they leave', () => {
    const state = play(
      [
        { type: 'slotShown', shown: { mid: '3', participantId: 'b', source: 'camera' } },
        { type: 'slotShown', shown: { mid: '4', participantId: 'c', source: 'camera' } },
        { type: 'speakersChanged', speakers: { speaking: ['b', 'c'], dominant: 'b' } },
        { type: 'participantLeft', left: { participantId: 'b', reason: 'left' } },
      ],
      inside('a', [participant('b'), participant('c')]),
    );
    expect(state.participants.map((p) => p.id)).toEqual(['a', 'c']);
    expect(state.slots).toEqual({ '4': { participantId: 'c', source: 'camera' } });
    expect(state.speaking).toEqual(['c']);
    expect(state.dominant).toBeNull();
    expect(state.heard).toEqual({ c: 1 });
  });
});

describe('a snapshot', () => {
  it('replaces what was known, so that nothing missed is missing and nobody stays who left', () => {
    const before = play([{ type: 'connectionLost' }], inside('a', [participant('b')], [message('1', 'b')]));
    const state = play(
      [
        {
          type: 'joined',
          joined: joined('a', [participant('c')], [message('1', 'b'), message('2', 'c')], { resumed: true }),
        },
      ],
      before,
    );
    expect(state.phase).toBe('joined');
    expect(state.participants.map((p) => p.id)).toEqual(['a', 'c']);
    expect(state.chat.map((m) => m.id)).toEqual(['1', '2']);
  });

  it('keeps lines not yet sent, and the slots of a media leg that lives on', () => {
    const before = play(
      [
        { type: 'slotShown', shown: { mid: '3', participantId: 'b', source: 'camera' } },
        outgoing('x'),
        { type: 'connectionLost' },
      ],
      inside('a', [participant('b')]),
    );
    const state = play([{ type: 'joined', joined: joined('a', [participant('b')]) }], before);
    expect(state.outgoing.map((o) => o.clientId)).toEqual(['x']);
    expect(state.slots['3']?.participantId).toBe('b');
  });

  it('knows own lines again after the place was lost', () => {
    const before = play([{ type: 'connectionLost' }], inside('a'));
    const state = play([{ type: 'joined', joined: joined('a2') }], before);
    expect(state.selfId).toBe('a2');
    expect(state.ownIds).toEqual(['a', 'a2']);
  });

  it('counts what others wrote meanwhile as unread, and not what was read before', () => {
    const read = [message('1', 'b')];
    const before = play([{ type: 'connectionLost' }], inside('a', [participant('b')], read));
    const chat = [...read, message('2', 'a'), message('3', 'b'), message('4', 'b')];
    expect(play([{ type: 'joined', joined: joined('a', [participant('b')], chat) }], before).unread).toBe(2);
  });

  it('does not call the history unread for who joins late', () => {
    expect(inside('a', [participant('b')], [message('1', 'b')]).unread).toBe(0);
  });
});

describe('chat', () => {
  it('shows each message once, however often it comes', () => {
    const state = play(
      [
        { type: 'chatAdded', message: message('1', 'b') },
        { type: 'chatAdded', message: message('1', 'b') },
        { type: 'chatAccepted', clientId: 'x', message: message('1', 'b') },
      ],
      inside('a', [participant('b')]),
    );
    expect(state.chat).toHaveLength(1);
    expect(state.unread).toBe(1);
  });

  it('never shows an own line twice, whether the event or the reply comes first', () => {
    const eventFirst = play(
      [
        outgoing('x'),
        { type: 'chatAdded', message: message('1', 'a') },
        { type: 'chatAccepted', clientId: 'x', message: message('1', 'a') },
      ],
      inside('a'),
    );
    const replyFirst = play(
      [
        outgoing('x'),
        { type: 'chatAccepted', clientId: 'x', message: message('1', 'a') },
        { type: 'chatAdded', message: message('1', 'a') },
      ],
      inside('a'),
    );
    for (const state of [eventFirst, replyFirst]) {
      expect(state.chat.map((m) => m.id)).toEqual(['1']);
      expect(state.outgoing).toEqual([]);
      expect(state.unread).toBe(0);
    }
  });

  it('keeps a failed line until it is sent again or discarded', () => {
    const error = { code: 'rateLimited', message: 'Wait.' };
    const failed = play([outgoing('x'), { type: 'chatFailed', clientId: 'x', error }], inside('a'));
    expect(failed.outgoing[0]?.failure).toEqual(error);
    expect(play([{ type: 'chatRetried', clientId: 'x' }], failed).outgoing[0]?.failure).toBeNull();
    expect(play([{ type: 'chatDiscarded', clientId: 'x' }], failed).outgoing).toEqual([]);
  });

  it('counts unread lines of others while it is closed, and none while it is open', () => {
    const one = play([{ type: 'chatAdded', message: message('1', 'b') }], inside('a', [participant('b')]));
    expect(one.unread).toBe(1);
    const open = play([{ type: 'chatOpened', open: true }], one);
    expect(open.unread).toBe(0);
    expect(play([{ type: 'chatAdded', message: message('2', 'b') }], open).unread).toBe(0);
  });

  it('keeps a bounded number of lines', () => {
    let state = inside('a', [participant('b')]);
    for (let i = 0; i < chatKept + 10; i++) {
      state = reduce(state, { type: 'chatAdded', message: message(String(i), 'b') });
    }
    expect(state.chat).toHaveLength(chatKept);
    expect(state.chat.at(-1)?.id).toBe(String(chatKept + 9));
  });
});

describe('speakers and slots', () => {
  it('remembers who was heard most recently', () => {
    const state = play(
      [
        { type: 'speakersChanged', speakers: { speaking: ['b'] } },
        { type: 'speakersChanged', speakers: { speaking: ['c', 'stranger'], dominant: 'c' } },
      ],
      inside('a', [participant('b'), participant('c')]),
    );
    expect(state.heard).toEqual({ b: 1, c: 2 });
    expect(state.speaking).toEqual(['c']);
    expect(state.dominant).toBe('c');
  });

  it('empties a slot that shows nobody', () => {
    const state = play(
      [
        { type: 'slotShown', shown: { mid: '3', participantId: 'b', source: 'camera' } },
        { type: 'slotShown', shown: { mid: '3', participantId: null, source: 'camera' } },
      ],
      inside('a', [participant('b')]),
    );
    expect(state.slots).toEqual({});
  });
});

describe('the quality of slots', () => {
  const quality = (mid: string, level: 'full' | 'reduced' | 'paused'): MeetingEvent => ({
    type: 'slotQuality',
    quality: { mid, level, reason: level === 'full' ? null : 'bandwidth' },
  });
  const levels = (state: MeetingState) => Object.values(state.qualities).map(({ mid, level }) => `${mid} ${level}`);

  it('is kept where it is less than full, whoever is in the slot', () => {
    const first = [quality('3', 'reduced'), quality('4', 'paused'), quality('3', 'paused')];
    const state = play(first, inside('a', [participant('b')]));
    expect(levels(state)).toEqual(['3 paused', '4 paused']);
    const shown: MeetingEvent = { type: 'slotShown', shown: { mid: '3', participantId: 'b', source: 'camera' } };
    expect(levels(play([shown, quality('4', 'full')], state))).toEqual(['3 paused']);
  });

  it('ends with the media leg, and outlasts a rejoin on the same one', () => {
    const state = play([quality('3', 'paused'), { type: 'connectionLost' }], inside('a'));
    const back = play([{ type: 'joined', joined: joined('a', [], [], { resumed: true }) }], state);
    expect(levels(back)).toEqual(['3 paused']);
    expect(levels(play([{ type: 'slotsCleared' }], back))).toEqual([]);
  });
});

describe('the end', () => {
  const ends: MeetingEvent[] = [
    { type: 'meetingEnded', ended: { reason: 'cancelled', by: 'Ada', message: 'Ended by Ada.' } },
    { type: 'superseded' },
    { type: 'left' },
    { type: 'refused', error: { code: 'meetingFull', message: 'Full.' } },
  ];

  it.each(ends)('stays the end: nothing after $type brings the meeting back', (end) => {
    const over = play([end], inside('a', [participant('b')]));
    const late = play(
      [
        { type: 'connectionLost' },
        { type: 'participantJoined', participant: participant('c') },
        { type: 'chatAdded', message: message('9', 'b') },
        { type: 'left' },
      ],
      over,
    );
    expect(late).toBe(over);
  });

  it('is undone by joining again', () => {
    const over = play([{ type: 'left' }], inside('a'));
    expect(play([{ type: 'joined', joined: joined('b') }], over).phase).toBe('joined');
  });
});

describe('the mode', () => {
  const direct = { mode: 'peerToPeer', pin: 'auto', reason: 'twoPeople', since: '2026-01-01T10:00:00.000Z' } as const;

  it('is that of the snapshot, then of each change, and stays while the hub is away', () => {
    const inside = play([{ type: 'joined', joined: joined('a', [participant('b')]) }]);
    expect(inside.mode.mode).toBe('server');
    const changed = play([{ type: 'modeChanged', mode: direct }, { type: 'connectionLost' }], inside);
    expect(changed.mode).toEqual(direct);
    expect(play([{ type: 'joined', joined: joined('a') }], changed).mode.mode).toBe('server');
  });
});
