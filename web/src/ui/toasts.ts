import { signal } from '@preact/signals';
import type { MeetingEvent, MeetingState } from '../signalling/meetingState';
import type { Participant } from '../signalling/protocol';
import { t } from '../strings';

export type ToastTone = 'plain' | 'good' | 'bad';

export interface Toast {
  id: number;
  text: string;
  tone: ToastTone;
}

const shownFor = 5_000;
const most = 4;

export const toasts = signal<readonly Toast[]>([]);

let nextId = 1;

export function toast(text: string, tone: ToastTone = 'plain'): void {
  const id = nextId++;
  toasts.value = [...toasts.value.filter((other) => other.text !== text), { id, text, tone }].slice(-most);
  setTimeout(() => dismissToast(id), shownFor);
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** What an event of the meeting is worth saying; null for most. `direct`: two people go on even without the server. */
export function toastOf(event: MeetingEvent, before: MeetingState, direct = false): Omit<Toast, 'id'> | null {
  switch (event.type) {
    case 'participantJoined':
      return before.participants.some((p) => p.id === event.participant.id) || event.participant.id === before.selfId
        ? null
        : { text: t.toast.joined(event.participant.name), tone: 'plain' };
    case 'participantLeft': {
      const gone = before.participants.find((p) => p.id === event.left.participantId);
      return gone && gone.id !== before.selfId
        ? { text: t.toast.left(gone.name, event.left.reason), tone: 'plain' }
        : null;
    }
    case 'participantChanged':
      return change(
        before.participants.find((p) => p.id === event.participant.id),
        event.participant,
        before.selfId,
      );
    case 'lobbyChanged': {
      const known = new Set(before.waiting.map((one) => one.id));
      const names = event.waiting.filter((one) => !known.has(one.id)).map((one) => one.name);
      return names.length ? { text: t.toast.waiting(names), tone: 'plain' } : null;
    }
    case 'connectionLost':
      return direct ? null : { text: t.toast.connectionLost, tone: 'bad' };
    case 'joined':
      if (before.phase === 'waiting') {
        return { text: t.toast.admitted, tone: 'good' };
      }
      return before.phase === 'reconnecting'
        ? { text: direct ? t.toast.serverBack : t.toast.connectionRestored, tone: 'good' }
        : null;
    default:
      return null;
  }
}

/** A hand that went up, or who is host now. */
function change(before: Participant | undefined, now: Participant, selfId: string): Omit<Toast, 'id'> | null {
  const self = now.id === selfId;
  if (before && before.role !== now.role) {
    if (self) {
      return { text: t.toast.ownRole[now.role], tone: 'plain' };
    }
    return now.role === 'host' ? { text: t.toast.isHost(now.name), tone: 'plain' } : null;
  }
  return !self && !before?.handRaisedAt && now.handRaisedAt
    ? { text: t.toast.handRaised(now.name), tone: 'plain' }
    : null;
}
