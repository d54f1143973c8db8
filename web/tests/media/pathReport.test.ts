import { expect, it } from 'vitest';
import { relaysOf, rtcIceServers } from '../../src/media/iceServers';
import { isRelayed, pathReport } from '../../src/media/pathReport';
import { levelOf, SpeakingHold } from '../../src/media/speaking';
import { readStats } from '../../src/media/stats';

const figures = (localType: string) =>
  readStats(
    [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', currentRoundTripTime: 0.01 },
      { id: 'L', type: 'local-candidate', candidateType: localType, protocol: 'udp', relayProtocol: 'tls', port: 1 },
      { id: 'R', type: 'remote-candidate', candidateType: 'prflx', protocol: 'tcp', address: '2001:db8::1', port: 2 },
    ],
    null,
  ).figures;

it('reports what is known of a path, and no more', () => {
  expect(pathReport(figures('host'), 'l1')).toEqual({
    linkId: 'l1',
    local: { address: null, port: 1, type: 'host', protocol: 'udp' },
    remote: { address: '2001:db8::1', port: 2, type: 'prflx', protocol: 'tcp' },
    roundTrip: 10,
  });
  expect(pathReport(figures('relay'), null)).toMatchObject({ relayProtocol: 'tls' });
  expect(pathReport(readStats([], null).figures, null)).toBeNull();
});

it('knows a relay at either end', () => {
  expect(isRelayed(figures('relay'))).toBe(true);
  expect(isRelayed(figures('srflx'))).toBe(false);
  expect(isRelayed(null)).toBe(false);
});

it('gives a browser no nulls, and knows relays from other servers', () => {
  const servers = rtcIceServers([
    { urls: ['stun:192.0.2.1:7000'], username: null, credential: null },
    { urls: ['turn:192.0.2.1:7000', 'turns:meet.example:443?transport=tcp'], username: 'u', credential: 'c' },
  ]);
  expect(servers[0]).toEqual({ urls: ['stun:192.0.2.1:7000'] });
  expect(relaysOf(servers)).toEqual([servers[1]]);
});

it('holds a voice over the gaps between words', () => {
  const hold = new SpeakingHold();
  expect([hold.heard(0.005, 0), hold.heard(0.2, 200), hold.heard(0, 700), hold.heard(0, 900)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(levelOf(null)).toBe(0);
  expect(levelOf({ getSynchronizationSources: () => [{ audioLevel: 0.3 }] as RTCRtpSynchronizationSource[] })).toBe(
    0.3,
  );
});
