import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LinkMessage, type LinkState, PeerLink } from '../../src/media/peerLink';
import { FakePeerConnection, FakeStream, FakeTrack } from './fakePeer';

let sent: LinkMessage[];
let states: LinkState[];
let pc: FakePeerConnection;
let link: PeerLink;

const settle = () => vi.advanceTimersByTimeAsync(0);
const answer: LinkMessage = { description: { type: 'answer', sdp: 'answer' } };
const offer: LinkMessage = { description: { type: 'offer', sdp: 'offer' } };
const mic = new FakeTrack('audio') as unknown as MediaStreamTrack;
const cam = new FakeTrack('video') as unknown as MediaStreamTrack;
/** One encoding, whole, as much as 360 lines may take. */
const bounded = { active: true, scaleResolutionDownBy: 1, maxBitrate: 509_000 };

function make(offers: boolean): void {
  link = new PeerLink({
    offers,
    iceServers: [{ urls: 'stun:192.0.2.1:7000' }],
    video: { width: 640, height: 360, frameRate: 30 },
    createPeerConnection: (configuration) => {
      pc = new FakePeerConnection(configuration);
      return pc as unknown as RTCPeerConnection;
    },
    signal: (message) => sent.push(message),
  });
  link.onState = (state) => states.push(state);
}

/** What was told, in short. */
const told = () =>
  sent.map(({ description, candidate, restart }) =>
    description ? `${description.type}: ${description.sdp}` : restart ? 'restart' : `candidate ${candidate?.candidate}`,
  );

async function connect(offers: boolean): Promise<void> {
  make(offers);
  link.start();
  link.take(offers ? answer : offer);
  await settle();
  pc.become('connected');
  sent.length = 0;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  sent = [];
  states = [];
});

afterEach(() => {
  link.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe.each([true, false])('either end, offers: %s', (offers) => {
  it('names one stream for voice and camera, which are played in step', async () => {
    await connect(offers);
    const [voice, camera, screen] = pc.transceivers.map((t) => t.sender.streams);
    expect(voice).toEqual([expect.any(FakeStream)]);
    expect(camera?.[0]).toBe(voice?.[0]);
    expect(screen).toEqual([]);
  });
});

describe('the end that offers', () => {
  it('describes audio, camera and screen, all both ways, with a bound on the camera', async () => {
    make(true);
    link.send({ mic, cam, screen: null });
    link.start();
    await settle();
    expect(told()).toEqual(['offer: offer']);
    expect(pc.configuration).toMatchObject({
      bundlePolicy: 'max-bundle',
      iceServers: [{ urls: 'stun:192.0.2.1:7000' }],
    });
    expect(pc.transceivers.map((t) => `${t.kind} ${t.direction}`)).toEqual([
      'audio sendrecv',
      'video sendrecv',
      'video sendrecv',
    ]);
    expect(pc.transceivers.map((t) => t.sender.track)).toEqual([mic, cam, null]);
    expect(pc.transceivers[1]?.sender.encodings).toEqual([bounded]);
  });

  it('tells candidates after the description, however early they are found', async () => {
    make(true);
    link.start();
    pc.eager = [{ candidate: 'a' }, { candidate: 'b' }];
    await settle();
    pc.find({ candidate: 'c' });
    expect(told()).toEqual(['offer: offer', 'candidate a', 'candidate b', 'candidate c']);
  });

  it('keeps candidates of the other end until their description is there', async () => {
    make(true);
    link.start();
    link.take({ candidate: { candidate: 'x' } });
    await settle();
    expect(pc.candidates).toEqual([]);
    link.take(answer);
    link.take({ candidate: { candidate: 'y' } });
    await settle();
    expect(pc.candidates).toEqual([{ candidate: 'x' }, { candidate: 'y' }]);
  });

  it('takes no offer, and no answer to nothing', async () => {
    await connect(true);
    link.take({ description: { type: 'offer', sdp: 'theirs' } });
    link.take({ description: { type: 'answer', sdp: 'late' } });
    await settle();
    expect(pc.remoteDescription?.sdp).toBe('answer');
    expect(link.state).toBe('connected');
  });
});

describe('the end that answers', () => {
  it('sends on the m-lines of the offer, with the same bound on the camera', async () => {
    make(false);
    link.send({ mic, cam, screen: null });
    link.start();
    await settle();
    expect(told()).toEqual([]);
    link.take(offer);
    await settle();
    expect(told()).toEqual(['answer: answer']);
    expect(pc.transceivers.map((t) => t.direction)).toEqual(['sendrecv', 'sendrecv', 'sendrecv']);
    expect(pc.transceivers.map((t) => t.sender.track)).toEqual([mic, cam, null]);
    expect(pc.transceivers[1]?.sender.encodings).toEqual([bounded]);
  });

  it('keeps the streams when the other end offers again', async () => {
    await connect(false);
    const before = link.receivers;
    link.take({ description: { type: 'offer', sdp: 'offer 1' } });
    await settle();
    expect(told()).toEqual(['answer: answer']);
    expect(link.receivers).toBe(before);
  });

  it('fails when the offer cannot be used', async () => {
    make(false);
    link.start();
    link.take({ description: { type: 'offer', sdp: 'bad' } });
    await settle();
    expect(states).toEqual(['failed']);
  });
});

describe('a link that is interrupted', () => {
  it('is restarted by the end that offers', async () => {
    await connect(true);
    pc.become('disconnected');
    await settle();
    expect(told()).toEqual(['offer: offer 1']);
    link.take(answer);
    await settle();
    pc.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states).toEqual(['connected', 'interrupted', 'connected']);
  });

  it('is asked for a restart by the end that answers', async () => {
    await connect(false);
    pc.become('disconnected');
    await settle();
    expect(told()).toEqual(['restart']);
  });

  it('is restarted when the other end asks, and once when both ends notice', async () => {
    await connect(true);
    link.take({ restart: true });
    await settle();
    link.take(answer);
    pc.become('disconnected');
    await settle();
    expect(told()).toEqual(['offer: offer 1']);
  });

  it('is restarted after the answer to the offer that is on its way', async () => {
    make(true);
    link.start();
    await settle();
    link.restart();
    await settle();
    expect(pc.restarts).toBe(0);
    link.take(answer);
    await settle();
    expect(told()).toEqual(['offer: offer', 'offer: offer 1']);
  });

  it('is offered again when its offer has had no answer for a second', async () => {
    await connect(true);
    link.restart();
    await vi.advanceTimersByTimeAsync(1_000);
    link.take({ restart: true });
    await settle();
    expect(told()).toEqual(['offer: offer 1', 'offer: offer 2']);
  });

  it('has failed after 5 s, for good', async () => {
    await connect(true);
    pc.become('disconnected');
    await vi.advanceTimersByTimeAsync(3_000);
    pc.become('failed');
    await vi.advanceTimersByTimeAsync(1_999);
    expect(link.state).toBe('interrupted');
    await vi.advanceTimersByTimeAsync(1);
    pc.become('connected');
    expect(states).toEqual(['connected', 'interrupted', 'failed']);
  });
});

describe('a link that never connects', () => {
  it('has failed when ICE says so', async () => {
    make(true);
    link.start();
    await settle();
    pc.become('failed');
    expect(states).toEqual(['failed']);
  });

  it('has failed after 10 s', async () => {
    make(false);
    link.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states).toEqual(['failed']);
  });
});

it('says and does nothing after it was closed', async () => {
  await connect(true);
  link.close();
  pc.find({ candidate: 'z' });
  link.take({ restart: true });
  link.take(answer);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told()).toEqual([]);
  expect(states).toEqual(['connected']);
});
