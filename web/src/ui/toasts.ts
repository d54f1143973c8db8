import { signal } from '@preact/signals';
import type { MeetingEvent, MeetingState } from '../signalling/meetingState';
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
    case 'connectionLost':
      return direct ? null : { text: t.toast.connectionLost, tone: 'bad' };
    case 'joined':
      return before.phase === 'reconnecting'
        ? { text: direct ? t.toast.serverBack : t.toast.connectionRestored, tone: 'good' }
        : null;
    default:
      return null;
  }
}
