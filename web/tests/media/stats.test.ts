import { describe, expect, it } from 'vitest';
import { readStats } from '../../src/media/stats';

const report = (at: number, sent: number, received: number) => [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  {
    id: 'P',
    type: 'candidate-pair',
    timestamp: at,
    bytesSent: sent,
    bytesReceived: received,
    currentRoundTripTime: 0.0234,
    localCandidateId: 'L',
    remoteCandidateId: 'R',
  },
  {
    id: 'L',
    type: 'local-candidate',
    candidateType: 'relay',
    protocol: 'udp',
    relayProtocol: 'tcp',
    address: '198.51.100.7',
    port: 50_000,
  },
  { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', address: '192.0.2.1', port: 7000 },
  { id: 'A', type: 'inbound-rtp', kind: 'audio', packetsReceived: 990, packetsLost: 10, codecId: 'C' },
  { id: 'V1', type: 'inbound-rtp', kind: 'video', frameWidth: 320, frameHeight: 180, framesPerSecond: 15 },
  { id: 'V2', type: 'inbound-rtp', kind: 'video', frameWidth: 640, frameHeight: 360, framesPerSecond: 29 },
  { id: 'C', type: 'codec', mimeType: 'audio/opus' },
];

describe('the figures of a connection', () => {
  it('say the path, the round trip, the loss and the codecs', () => {
    expect(readStats(report(1000, 0, 0), null).figures).toEqual({
      roundTrip: 23,
      sending: null,
      receiving: null,
      loss: 0.01,
      protocol: 'udp',
      remote: '192.0.2.1:7000',
      localEnd: { address: '198.51.100.7', port: 50_000, type: 'relay', protocol: 'udp' },
      remoteEnd: { address: '192.0.2.1', port: 7000, type: 'host', protocol: 'udp' },
      relayProtocol: 'tcp',
      sent: null,
      decoded: { width: 640, height: 360, rate: 29 },
      audioCodec: 'opus',
      videoCodec: null,
    });
  });

  it('are rates between two readings, in kbit/s', () => {
    const first = readStats(report(1000, 1000, 5000), null);
    const { figures } = readStats(report(3000, 26_000, 130_000), first);
    expect(figures.sending).toBe(100);
    expect(figures.receiving).toBe(500);
  });

  it('are found where a browser marks the pair and counts only its streams', () => {
    const firefox = (at: number, bytes: number) => [
      { id: 'T', type: 'transport' },
      { id: 'X', type: 'candidate-pair', state: 'succeeded', nominated: true, timestamp: at, remoteCandidateId: 'Q' },
      { id: 'P', type: 'candidate-pair', selected: true, timestamp: at, bytesReceived: 0, remoteCandidateId: 'R' },
      { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', address: '192.0.2.1', port: 7000 },
      { id: 'I', type: 'inbound-rtp', kind: 'audio', bytesReceived: bytes },
      { id: 'J', type: 'inbound-rtp', kind: 'video', bytesReceived: bytes },
    ];
    const { figures } = readStats(firefox(2000, 22_500), readStats(firefox(1000, 10_000), null));
    expect(figures).toMatchObject({ remote: '192.0.2.1:7000', receiving: 200 });
  });

  it('are unknown, not wrong, where a browser says nothing', () => {
    expect(Object.values(readStats([], null).figures).every((value) => value === null)).toBe(true);
  });
});
