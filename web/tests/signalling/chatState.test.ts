import { describe, expect, it } from 'vitest';
import { type MeetingEvent, type MeetingState, outside, reduce } from '../../src/signalling/meetingState';
import type { ChatReaction } from '../../src/signalling/protocol';
import { joined, message, participant } from './samples';

const play = (events: MeetingEvent[], from: MeetingState) => events.reduce(reduce, from);
const ben = { participantId: 'b', name: 'Ben' };
const deletion = (messageId: string): MeetingEvent => ({
  type: 'chatDeleted',
  deletion: { messageId, deleted: { at: '2026-01-01T10:01:00.000Z', by: ben, byHost: true } },
});
const reaction = (messageId: string, emoji: string, on = true, by = ben): MeetingEvent => ({
  type: 'chatReacted',
  reaction: { messageId, emoji, by, on },
});
const inside = (chat = [message('5', 'b')], olderChat = true) => {
  const snapshot = joined('a', [participant('b')], chat);
  return play([{ type: 'joined', joined: { ...snapshot, meeting: { ...snapshot.meeting, olderChat } } }], outside);
};
const names = (reactions: readonly ChatReaction[] | null | undefined) =>
  (reactions ?? []).map(({ emoji, by }) => `${emoji} ${by.map((one) => one.name).join(' ')}`);

describe('reactions', () => {
  it('are counted once by each, and go when the last one takes theirs back', () => {
    const ada = { participantId: 'a', name: 'Ada' };
    const state = play(
      [reaction('5', '👍'), reaction('5', '👍'), reaction('5', '👍', true, ada), reaction('5', '🎉')],
      inside(),
    );
    expect(names(state.chat[0]?.reactions)).toEqual(['👍 Ben Ada', '🎉 Ben']);
    const without = play([reaction('5', '🎉', false), reaction('5', '👍', false), reaction('5', '❤️', false)], state);
    expect(names(without.chat[0]?.reactions)).toEqual(['👍 Ada']);
  });
});

describe('a deleted message', () => {
  it('keeps who wrote it and loses the rest, also what comes after', () => {
    const state = play([reaction('5', '👍'), deletion('5'), reaction('5', '🎉')], inside());
    expect(state.chat[0]).toMatchObject({ id: '5', name: 'Name of b', text: '', file: null, reactions: null });
    expect(state.chat[0]?.deleted?.byHost).toBe(true);
  });
});

describe('older messages', () => {
  const page = { messages: [message('3', 'b'), message('4', 'b')], older: true };

  it('come before the others, once', () => {
    const asked = play([{ type: 'chatPageAsked' }], inside());
    const state = play(
      [{ type: 'chatPageCame', page: { ...page, messages: [...page.messages, message('5', 'b')] } }],
      asked,
    );
    expect(state.chat.map((m) => m.id)).toEqual(['3', '4', '5']);
    expect(state.olderChat).toBe(true);
    expect(state.pageChanges).toBeNull();
  });

  it('are changed by what overtook them: nothing that was deleted comes back', () => {
    const state = play(
      [{ type: 'chatPageAsked' }, deletion('3'), reaction('4', '👍'), { type: 'chatPageCame', page }],
      inside(),
    );
    expect(state.chat.map((m) => m.text)).toEqual(['', 'text of 4', 'text of 5']);
    expect(names(state.chat[1]?.reactions)).toEqual(['👍 Ben']);
  });

  it('are not mixed with the snapshot of a rejoin that came between', () => {
    const asked = play([{ type: 'chatPageAsked' }, { type: 'connectionLost' }], inside());
    const again = play([{ type: 'joined', joined: joined('a', [], [message('9', 'b')]) }], asked);
    expect(play([{ type: 'chatPageCame', page }], again).chat.map((m) => m.id)).toEqual(['9']);
  });

  it('are let go by a rejoin, which counts as unread only what was missed', () => {
    const read = play([{ type: 'chatPageAsked' }, { type: 'chatPageCame', page }], inside());
    const again = play(
      [
        { type: 'connectionLost' },
        { type: 'joined', joined: joined('a', [participant('b')], [message('5', 'b'), message('6', 'b')]) },
      ],
      read,
    );
    expect(again.chat.map((m) => m.id)).toEqual(['5', '6']);
    expect(again.unread).toBe(1);
  });
});

it('a file of our own does not take an unsent line away', () => {
  const line = { clientId: 'x', text: 'hello', to: null, queuedAt: '', failure: null };
  const file = { id: 'f', name: 'a.png', type: 'image/png', size: 3 };
  const state = play(
    [
      { type: 'chatQueued', outgoing: line },
      { type: 'chatAdded', message: { ...message('6', 'a', ''), file } },
    ],
    inside(),
  );
  expect(state.outgoing).toEqual([line]);
});
