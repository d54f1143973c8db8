import { outside } from '../../src/signalling/meetingState';
import { type ChatMessage, defaultLimits, type Joined, type Participant } from '../../src/signalling/protocol';

export function participant(id: string, change: Partial<Participant> = {}): Participant {
  return {
    id,
    name: `Name of ${id}`,
    role: 'participant',
    media: { mic: false, cam: false },
    presence: 'connected',
    joinedAt: '2026-01-01T10:00:00.000Z',
    ...change,
  };
}

export function message(id: string, participantId: string, text = `text of ${id}`): ChatMessage {
  return { id, participantId, name: `Name of ${participantId}`, text, sentAt: '2026-01-01T10:00:00.000Z' };
}

/** A join of `me` with others and chat. */
export function joined(
  me: string,
  others: Participant[] = [],
  chat: ChatMessage[] = [],
  change: Partial<Joined> = {},
): Joined {
  return {
    participantId: me,
    resumeToken: `token of ${me}`,
    resumed: false,
    limits: defaultLimits,
    meeting: {
      id: 'calm-lake-1',
      title: 'Planning',
      createdBy: 'Ada',
      startedAt: '2026-01-01T09:59:00.000Z',
      settings: outside.settings,
      participants: [participant(me), ...others],
      chat,
      mode: { mode: 'server', pin: 'auto', reason: 'started', since: '2026-01-01T09:59:00.000Z' },
    },
    iceServers: [],
    ...change,
  };
}
