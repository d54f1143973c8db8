import type { MeetingState } from './meetingState';
import type { Participant, Rights, Role } from './protocol';

export type Right = keyof Rights;

/** Why somebody may not: by their role, or by a right that the hosts took from participants. */
export type Denial = 'listener' | Right;

const media: readonly Right[] = ['mic', 'camera', 'screen'];

export function ownPlace({ participants, selfId }: MeetingState): Participant | undefined {
  return participants.find((p) => p.id === selfId);
}

export function ownRole(state: MeetingState): Role {
  return ownPlace(state)?.role ?? 'participant';
}

/** What stands against doing this oneself (protocol.md §7); null when nothing does. */
export function denialOf(state: MeetingState, right: Right): Denial | null {
  const role = ownRole(state);
  if (role === 'host') {
    return null;
  }
  if (role === 'listener' && media.includes(right)) {
    return 'listener';
  }
  return state.settings.rights[right] ? null : right;
}

/** Who has a hand up, in the order in which they raised them. */
export function raisedHands({ participants }: MeetingState): readonly Participant[] {
  const since = ({ handRaisedAt }: Participant) => Date.parse(handRaisedAt ?? '');
  return participants.filter((p) => p.handRaisedAt).sort((a, b) => since(a) - since(b));
}
