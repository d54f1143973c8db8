import { expect, it } from 'vitest';
import type { MeetingStatistics } from '../../../src/signalling/protocol';
import { serverRows } from '../../../src/ui/meeting/serverRows';

const rtp = (bytes: number) => ({
  received: { packets: 1000, bytes, lost: 10, repaired: 9, nacks: 12, keyframeRequests: 0 },
  sent: { packets: 2000, bytes: 0, lost: 0, retransmissions: 0 },
});
const path = { wanted: 900, allocated: 700, pictures: 3, reduced: 1, paused: 0 };
const at = (time: string, bytes: number): MeetingStatistics => ({
  id: 'm',
  at: time,
  rtp: rtp(bytes),
  participants: [{ participantId: 'a', name: 'Ada', transport: { since: time, rtp: rtp(bytes), path } }],
});
const first = at('2026-01-01T00:00:00Z', 50_000);

it('tells what the server carries, what was lost each way, and what its way to us bears', () => {
  const second = at('2026-01-01T00:00:02Z', 75_000);
  expect(Object.fromEntries(serverRows(second, first, 'a'))).toEqual({
    'The server received from all': '1000 packets, now 100 kbit/s',
    'The server sent to all': '2000 packets, now 0 kbit/s',
    'Lost on your way to it': '1.0% (10 of 1010), 9 sent again',
    'Lost on its way to you': '0.0% (0 of 2000), 0 sent again',
    'Its way to you': '3 pictures, 1 reduced',
  });
});

it('says nothing of a rate before there are two readings, and nothing of others', () => {
  expect(serverRows(first, null, 'b')).toEqual([
    ['The server received from all', '1000 packets'],
    ['The server sent to all', '2000 packets'],
  ]);
});
