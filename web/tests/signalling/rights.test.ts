import { describe, expect, it } from 'vitest';
import { type MeetingState, outside, reduce } from '../../src/signalling/meetingState';
import type { Rights, Role } from '../../src/signalling/protocol';
import { denialOf, ownRole, type Right, raisedHands } from '../../src/signalling/rights';
import { joined, participant } from './samples';

const all: Rights = { chat: true, mic: true, camera: true, screen: true, rename: true };
const none: Rights = { chat: false, mic: false, camera: false, screen: false, rename: false };

function inside(role: Role, rights: Rights): MeetingState {
  const state = reduce(outside, { type: 'joined', joined: joined('a', [participant('b')]) });
  const settings = { ...state.settings, rights };
  return reduce(reduce(state, { type: 'selfChanged', change: { role } }), { type: 'settingsChanged', settings });
}

describe('what stands against something', () => {
  it.each<[Role, Rights, (string | null)[]]>([
    ['host', none, [null, null, null, null, null]],
    ['participant', all, [null, null, null, null, null]],
    ['participant', none, ['chat', 'mic', 'camera', 'screen', 'rename']],
    ['listener', all, [null, 'listener', 'listener', 'listener', null]],
    ['listener', none, ['chat', 'listener', 'listener', 'listener', 'rename']],
  ])('of a %s with %j', (role, rights, denials) => {
    const state = inside(role, rights);
    expect(ownRole(state)).toBe(role);
    expect((Object.keys(rights) as Right[]).map((right) => denialOf(state, right))).toEqual(denials);
  });
});

describe('raised hands', () => {
  it('are in the order in which they were raised', () => {
    const hand = (id: string, second: number) => participant(id, { handRaisedAt: `2026-01-01T10:00:0${second}.000Z` });
    const state = reduce(outside, {
      type: 'joined',
      joined: joined('a', [hand('b', 3), participant('c'), hand('d', 1), hand('e', 2)]),
    });
    expect(raisedHands(state).map((p) => p.id)).toEqual(['d', 'e', 'b']);
  });
});
