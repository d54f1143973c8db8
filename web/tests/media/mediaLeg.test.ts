import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LegState, MediaLeg, type Negotiation } from '../../src/media/mediaLeg';
import type { Peer } from '../../src/media/peer';
import { FakePeerConnection, FakeStream, FakeTrack } from './fakePeer';

let pcs: FakePeerConnection[];
let offers: string[];
let answer: () => Negotiation | Promise<Negotiation>;
let leg: MediaLeg;
let relays: RTCIceServer[];
let expects: boolean;
let unanswered: number;
let states: LegState[];
let peers: Peer[];

const last = () => pcs.at(-1) as FakePeerConnection;
const settle = () => vi.advanceTimersByTimeAsync(0);
const mic = new FakeTrack('audio') as unknown as MediaStreamTrack;
const cam = new FakeTrack('video') as unknown as MediaStreamTrack;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  pcs = [];
  offers = [];
  states = [];
  peers = [];
  relays = [{ urls: ['turn:192.0.2.1:7000'] }];
  expects = false;
  unanswered = 0;
  answer = () => ({ sdp: 'answer' });
  leg = new MediaLeg({
    slots: 3,
    negotiate: async (sdp) => {
      offers.push(sdp);
      return answer();
    },
    relays: () => relays,
    expects: () => expects,
    onUnanswered: () => {
      unanswered++;
    },
    createPeerConnection: (configuration) => {
      const pc = new FakePeerConnection(configuration);
      pcs.push(pc);
      return pc as unknown as RTCPeerConnection;
    },
    random: () => 0.5,
  });
  leg.onChange = (state) => states.push(state);
  leg.onPeer = (peer) => peers.push(peer);
});

afterEach(() => {
  leg.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected(): Promise<void> {
  leg.start();
  await settle();
  last().become('connected');
}

describe('the offer', () => {
  it('has the m-lines of the protocol, in their order', async () => {
    await connected();
    expect(last().transceivers.map(({ kind, direction }) => `${kind} ${direction}`)).toEqual([
      'audio sendrecv',
      'video sendonly',
      'video sendonly',
      'video recvonly',
      'video recvonly',
      'video recvonly',
    ]);
    expect(peers[0]?.slots.map((slot) => slot.mid)).toEqual(['3', '4', '5']);
    expect(last().remoteDescription).toEqual({ type: 'answer', sdp: 'answer' });
  });

  it('is made without any device, and devices come and go without another', async () => {
    await connected();
    expect(last().transceivers.map((t) => t.sender.track)).toEqual([null, null, null, null, null, null]);
    leg.send({ mic, cam, screen: null });
    await settle();
    expect(
      last()
        .transceivers.slice(0, 3)
        .map((t) => t.sender.track),
    ).toEqual([mic, cam, null]);
    leg.send({ mic: null, cam, screen: null });
    await settle();
    expect(last().transceivers[0]?.sender.track).toBeNull();
    expect(offers).toHaveLength(1);
  });

  it('has simulcast for camera and screen, and one whole encoding where the server wants none', async () => {
    await connected();
    const [, camera, screen] = last().transceivers;
    const offered = (transceiver = camera) => transceiver?.sender.encodings.map(({ rid }) => rid);
    expect([offered(), offered(screen)]).toEqual([
      ['q', 'h', 'f'],
      ['h', 'f'],
    ]);
    leg.send({ mic, cam, screen: null });
    await settle();
    expect(scales()).toEqual([4, 2, 1]);

    leg.start();
    last().refusesSimulcast = true;
    await settle();
    expect(scales()).toEqual([1]);
  });
});

/** How each active encoding of the camera is scaled. */
const scales = () =>
  last()
    .transceivers[1]?.sender.encodings.filter(({ active }) => active)
    .map(({ scaleResolutionDownBy }) => scaleResolutionDownBy);

describe('the layers of the camera', () => {
  it('are those that the server can use, also over an ICE restart, and all on a new peer', async () => {
    await connected();
    leg.limit('cam', 1);
    await settle();
    expect(scales()).toEqual([]);
    leg.send({ mic, cam, screen: null });
    await settle();
    expect(scales()).toEqual([4]);
    leg.restart();
    await settle();
    expect(offers).toHaveLength(2);
    expect(scales()).toEqual([4]);
    leg.limit('cam', 0);
    await settle();
    expect([scales(), last().transceivers[1]?.sender.track]).toEqual([[], cam]);
    leg.start();
    await settle();
    expect(scales()).toEqual([4, 2, 1]);
  });

  it('follow the size of the picture', async () => {
    await connected();
    let size = { width: 1280, height: 720 };
    const shown = Object.assign(new FakeTrack('video'), { getSettings: () => size });
    leg.send({ mic, cam: shown as unknown as MediaStreamTrack, screen: null });
    await settle();
    expect(scales()).toEqual([4, 2, 1]);
    size = { width: 640, height: 360 };
    await vi.advanceTimersByTimeAsync(250);
    expect(scales()).toEqual([2, 1]);
  });
});

describe('a media leg that fails', () => {
  it('is replaced by a new peer that sends the same tracks', async () => {
    leg.send({ mic, cam: null, screen: null });
    await connected();
    last().become('failed');
    expect(pcs[0]?.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(999);
    expect(pcs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(pcs).toHaveLength(2);
    expect(last().transceivers[0]?.sender.track).toBe(mic);
    last().become('connected');
    expect(states).toEqual(['connecting', 'connected', 'waiting', 'connecting', 'connected']);
  });

  it('may come back by itself within 5 s', async () => {
    await connected();
    last().become('disconnected');
    await vi.advanceTimersByTimeAsync(4999);
    last().become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pcs).toHaveLength(1);
  });

  it('is given up after 5 s of silence', async () => {
    await connected();
    last().become('disconnected');
    await vi.advanceTimersByTimeAsync(5000);
    expect(states.at(-1)).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(pcs).toHaveLength(2);
  });

  it('is given up when an answered offer never connects', async () => {
    leg.start();
    await settle();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(states.at(-1)).toBe('waiting');
  });

  it('is tried less and less often, and quickly again once it was steady', async () => {
    answer = () => ({ code: 'mediaUnavailable', message: 'Not now.' });
    leg.start();
    await settle();
    const at: number[] = [];
    for (const wait of [1000, 2000, 4000, 8000, 15_000, 15_000]) {
      await vi.advanceTimersByTimeAsync(wait);
      at.push(offers.length);
    }
    expect(at).toEqual([2, 3, 4, 5, 6, 7]);
    answer = () => ({ sdp: 'answer' });
    await vi.advanceTimersByTimeAsync(15_000);
    last().become('connected');
    await vi.advanceTimersByTimeAsync(10_000);
    last().become('failed');
    const before = pcs.length;
    await vi.advanceTimersByTimeAsync(1000);
    expect(pcs).toHaveLength(before + 1);
  });

  it('does not repeat an offer that the server cannot answer', async () => {
    answer = () => ({ code: 'offerInvalid', message: 'No VP8.' });
    leg.start();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(offers).toHaveLength(1);
    expect(leg.state).toBe('refused');
  });

  it('believes the server, but not about the peer before', async () => {
    let release: ((value: Negotiation) => void) | undefined;
    await connected();
    answer = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    leg.start();
    await settle();
    leg.serverFailed('The old one.');
    expect(leg.state).toBe('connecting');
    release?.({ sdp: 'answer' });
    await settle();
    leg.serverFailed('This one.');
    expect(leg.state).toBe('waiting');
  });
});

describe('a new start', () => {
  it('takes the place of the peer that is there, and of an attempt under way', async () => {
    leg.start();
    leg.start();
    await settle();
    expect(pcs[0]?.closed).toBe(true);
    expect(peers).toHaveLength(1);
    pcs[0]?.become('failed');
    await vi.advanceTimersByTimeAsync(1000);
    expect(pcs).toHaveLength(2);
  });

  it('is not needed while the leg is alive', async () => {
    expect(leg.alive).toBe(false);
    await connected();
    expect(leg.alive).toBe(true);
    last().become('disconnected');
    expect([leg.alive, leg.repairable]).toEqual([false, true]);
    last().become('failed');
    expect(leg.repairable).toBe(false);
  });

  it('never comes after the end', async () => {
    await connected();
    last().become('failed');
    leg.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pcs).toHaveLength(1);
  });
});

describe('another path for the same leg', () => {
  it('is looked for when the connection is interrupted, by an ICE restart', async () => {
    await connected();
    last().become('disconnected');
    await settle();
    expect(offers).toEqual(['offer', 'offer 1']);
    last().become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pcs).toHaveLength(1);
    expect(states).toEqual(['connecting', 'connected', 'interrupted', 'connected']);
  });

  it('is looked for when nothing comes for a second where something should', async () => {
    await connected();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(offers).toHaveLength(1);
    expects = true;
    await vi.advanceTimersByTimeAsync(1_500);
    expect(offers).toEqual(['offer', 'offer 1']);
  });

  it('is one at a time', async () => {
    await connected();
    leg.restart();
    leg.restart();
    await settle();
    expect(offers).toHaveLength(2);
  });

  it('is not what a leg without an answer needs', async () => {
    answer = () => new Promise(() => {});
    leg.start();
    await settle();
    leg.restart();
    await settle();
    expect(offers).toHaveLength(1);
  });

  it('leaves the path that is there when its offer is refused', async () => {
    await connected();
    answer = () => ({ code: 'rateLimited', message: 'Too often.' });
    leg.restart();
    await settle();
    expect(last().signalingState).toBe('stable');
    expect(leg.state).toBe('connected');
    answer = () => ({ sdp: 'answer' });
    leg.restart();
    await settle();
    expect(offers).toHaveLength(3);
  });

  it('says when the hub does not answer', async () => {
    await connected();
    answer = () => new Promise(() => {});
    leg.restart();
    await vi.advanceTimersByTimeAsync(1_199);
    expect(unanswered).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(unanswered).toBe(1);
  });
});

describe('relays', () => {
  it('are not used where the server can be reached', async () => {
    await connected();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(last().configuration.iceServers).toEqual([]);
    expect(offers).toHaveLength(1);
  });

  it('are used after 4 s without a connection', async () => {
    leg.start();
    await vi.advanceTimersByTimeAsync(3_999);
    expect(last().configuration.iceServers).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(last().configuration).toEqual({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require', iceServers: relays });
    expect(offers).toEqual(['offer', 'offer 1']);
    last().become('connected');
    expect(leg.state).toBe('connected');
  });

  it('are used from the start by every later attempt', async () => {
    await connected();
    last().become('failed');
    await vi.advanceTimersByTimeAsync(1000);
    expect(last().configuration.iceServers).toEqual(relays);
  });

  it('are not waited for where there are none', async () => {
    relays = [];
    leg.start();
    await vi.advanceTimersByTimeAsync(14_999);
    expect(offers).toHaveLength(1);
  });
});
