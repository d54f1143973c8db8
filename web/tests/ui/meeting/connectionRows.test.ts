import { describe, expect, it } from 'vitest';
import type { ConnectionFigures } from '../../../src/media/stats';
import { pictureKey } from '../../../src/media/viewRequests';
import { outside, reduce } from '../../../src/signalling/meetingState';
import type { SlotQuality } from '../../../src/signalling/protocol';
import { connectionRows } from '../../../src/ui/meeting/connectionRows';
import { joined, participant } from '../../signalling/samples';

const two = reduce(outside, { type: 'joined', joined: joined('a', [participant('b', { serverLeg: 'failed' })]) });
const figures: ConnectionFigures = {
  roundTrip: 12,
  sending: 900,
  receiving: 850,
  loss: 0.012,
  protocol: 'udp',
  remote: '[2001:db8::2]:5000',
  localEnd: { address: null, port: 4000, type: 'host', protocol: 'udp' },
  remoteEnd: { address: '2001:db8::2', port: 5000, type: 'prflx', protocol: 'udp' },
  relayProtocol: null,
  sent: { width: 1280, height: 720, rate: 29.97 },
  decoded: { width: 640, height: 360, rate: null },
  audioCodec: 'opus',
  videoCodec: 'VP8',
};
const say = (...args: Parameters<typeof connectionRows>) => Object.fromEntries(connectionRows(...args));

describe('the connection sheet', () => {
  it('says the path, why, both ways to the server and the figures', () => {
    expect(say(two, 'connected', 'peerToPeer', figures)).toEqual({
      Path: 'Peer to peer',
      Why: 'The meeting begins on the server',
      'Your way to the server': 'Connected',
      'The way of Name of b to the server': 'Broken',
      Protocol: 'UDP',
      'Your address': 'hidden:4000 (host)',
      'Other address': '[2001:db8::2]:5000 (prflx, found on the way)',
      'Round trip': '12 ms',
      'Voice packets lost': '1.2%',
      Sending: '900 kbit/s',
      Receiving: '850 kbit/s',
      Codecs: 'opus, VP8',
      'Picture sent': '1280 × 720, 30 per second',
      'Picture received': '640 × 360',
    });
  });

  it('says which pictures are smaller than they could be, and why', () => {
    const qualities = new Map<string, SlotQuality>([
      [pictureKey('b', 'camera'), { mid: '3', level: 'paused', reason: 'bandwidth' }],
      [pictureKey('b', 'screen'), { mid: '4', level: 'reduced', reason: 'overload' }],
    ]);
    expect(say(two, 'connected', 'server', figures, qualities)['Limited pictures']).toBe(
      'Name of b (paused: slow network); Screen of Name of b (lower quality: the server is busy)',
    );
  });

  it('says how a relay is reached', () => {
    expect(say(two, 'connected', 'relay', { ...figures, relayProtocol: 'tls' }).Protocol).toBe('UDP, to the relay TLS');
  });

  it('knows nothing rather than something wrong', () => {
    const rows = connectionRows(two, 'waiting', 'none', null);
    expect(rows.filter(([, value]) => value === '–')).toHaveLength(10);
  });

  it('says that the server is away, and nothing of others when there are several', () => {
    expect(say(reduce(two, { type: 'connectionLost' }), 'connected', 'peerToPeer', null).Why).toBe(
      'The server is away',
    );
    const three = reduce(two, { type: 'participantJoined', participant: participant('c') });
    expect(Object.keys(say(three, 'connected', 'server', null)).filter((label) => label.startsWith('The way'))).toEqual(
      [],
    );
  });
});
