import { expect, it } from 'vitest';
import type { HostAction } from '../../../src/signalling/protocol';
import { actionText } from '../../../src/ui/history/actionText';

it.each<[Omit<HostAction, 'at'>, string]>([
  [{ action: 'barred', by: 'Ada', target: 'Ben' }, 'Ada removed Ben for good'],
  [{ action: 'hostChosen', target: 'Ben' }, 'Ben became host, as no other was left'],
  [{ action: 'roleChanged', by: 'Ada', target: 'Ben', detail: 'listener' }, 'Ada changed the role of Ben to: Listener'],
  [{ action: 'switchedOff', by: null, target: 'Ben', detail: 'camera' }, 'The server switched off the camera of Ben'],
  [
    { action: 'rightsChanged', by: 'Ada', detail: 'chat mic' },
    'Ada changed what participants may do: write in the chat, unmute',
  ],
  [{ action: 'rightsChanged', by: 'Ada', detail: '' }, 'Ada changed what participants may do: nothing'],
  [{ action: 'modePinned', by: 'Ada', detail: 'peerToPeer' }, 'Ada chose who carries sound and video: Direct'],
  [{ action: 'renamed', by: 'Ada', target: 'Ben', detail: 'microphone' }, 'Ada renamed Ben to microphone'],
])('%j is told as %j', (action, words) => {
  expect(actionText({ at: '2026-01-01T10:00:00.000Z', ...action })).toBe(words);
});
