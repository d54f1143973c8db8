import type { MeetingStatistics, RtpStatistics } from '../../signalling/protocol';
import { t } from '../../strings';
import type { Row } from './connectionRows';

/** What the server counted of the meeting and of our own way to it; with an earlier reading also how much it carries now. */
export function serverRows(now: MeetingStatistics, before: MeetingStatistics | null, selfId: string): Row[] {
  const words = t.connection.server;
  const own = now.participants.find(({ participantId }) => participantId === selfId)?.transport;
  const passed = before ? Date.parse(now.at) - Date.parse(before.at) : 0;
  const carried = (way: 'received' | 'sent') => {
    const { packets, bytes } = now.rtp[way];
    const rate = before && passed > 0 ? Math.round(((bytes - before.rtp[way].bytes) * 8) / passed) : null;
    return words.carried(packets, rate);
  };
  return [
    [words.received, carried('received')],
    [words.sent, carried('sent')],
    ...(own ? lossRows(own.rtp) : []),
    ...(own ? [[words.bears, words.pictures(own.path)] as Row] : []),
  ];
}

function lossRows({ received, sent }: RtpStatistics): Row[] {
  const words = t.connection.server;
  return [
    [words.lostUp, words.lost(received.lost, received.packets + received.lost, received.repaired)],
    [words.lostDown, words.lost(sent.lost, sent.packets, sent.retransmissions)],
  ];
}
