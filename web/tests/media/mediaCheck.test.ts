import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { checkMedia, relaysByScheme } from '../../src/media/mediaCheck';
import { FakePeerConnection, FakeStream } from './fakePeer';

const answer = 'v=0\r\na=candidate:1 1 udp 1 192.0.2.1 7000 typ host\r\n';
let pc: FakePeerConnection;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
});

afterEach(() => {
  expect(pc.closed).toBe(true);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function check(negotiate: (sdp: string) => Promise<string | null>, relay?: RTCIceServer) {
  return checkMedia({
    negotiate,
    ...(relay && { relay }),
    createPeerConnection: (configuration) => {
      pc = new FakePeerConnection(configuration);
      return pc as unknown as RTCPeerConnection;
    },
  });
}

it('is well when it connects, and says how long that took', async () => {
  const result = check(async () => answer);
  await vi.advanceTimersByTimeAsync(120);
  pc.become('connecting');
  pc.become('connected');
  expect(await result).toEqual({ verdict: 'ok', took: 120 });
  expect(pc.configuration.iceTransportPolicy).toBe('all');
});

it.each([['failed'], ['nothing at all']])('has failed after %s', async (state) => {
  const result = check(async () => answer);
  await vi.advanceTimersByTimeAsync(0);
  if (state === 'failed') {
    pc.become('failed');
  } else {
    await vi.advanceTimersByTimeAsync(8_000);
  }
  expect((await result).verdict).toBe('failed');
});

it('is not offered when the server says so, or has no candidate of this kind', async () => {
  expect((await check(async () => null)).verdict).toBe('notOffered');
  expect((await check(async () => 'v=0\r\n')).verdict).toBe('notOffered');
});

it('has failed when the server cannot be asked', async () => {
  const error = new Error('No route.');
  expect(await check(() => Promise.reject(error))).toMatchObject({ verdict: 'failed', error });
});

it('uses nothing but the relay that is to be checked', async () => {
  const relay = { urls: ['turn:192.0.2.1:7000?transport=udp'], username: 'u', credential: 'c' };
  const result = check(async () => answer, relay);
  await vi.advanceTimersByTimeAsync(0);
  pc.become('connected');
  await result;
  expect(pc.configuration).toMatchObject({ iceServers: [relay], iceTransportPolicy: 'relay' });
});

it('takes one relay of each way to reach one', () => {
  const found = relaysByScheme([
    { urls: ['stun:192.0.2.1:7000'] },
    { urls: ['turn:a:1', 'turn:a:1?transport=tcp', 'turn:b:1?transport=udp'], username: 'u', credential: 'c' },
    { urls: 'turns:c:443?transport=tcp', username: 'v', credential: 'd' },
  ]);
  expect([...found]).toEqual([
    ['udp', { urls: ['turn:a:1'], username: 'u', credential: 'c' }],
    ['tcp', { urls: ['turn:a:1?transport=tcp'], username: 'u', credential: 'c' }],
    ['tls', { urls: ['turns:c:443?transport=tcp'], username: 'v', credential: 'd' }],
  ]);
});
