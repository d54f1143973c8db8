import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outgoing } from '../../src/media/outgoing';
import { PathSwitch } from '../../src/media/pathSwitch';
import { FakePeerConnection, FakeReceiver, FakeStream, FakeTrack } from './fakePeer';

let pcs: FakePeerConnection[];
let reports: string[];
let refusal: string | null;
let toServer: Outgoing;
let media: { mic: boolean; cam: boolean; screen: boolean };
let slots: { camera: FakeReceiver | null; screen: FakeReceiver | null };
/** The RTP timestamp of what is played of the mix; null before there is any. */
let played: number | null;
let carries: boolean;
let hub: boolean;
let signals: string[];
let paths: PathSwitch;

const mic = new FakeTrack('audio') as unknown as MediaStreamTrack;
const cam = new FakeTrack('video') as unknown as MediaStreamTrack;
const pc = () => pcs.at(-1) as FakePeerConnection;
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** Phase, whether the server is sent to (S), and what is played of mix (X), link voice (V), camera (C) and screen (D). */
function now(): string {
  const { state, view } = paths.snapshot;
  const { mic: voice, cam: picture, screen } = view.fromLink;
  const flags = [toServer.mic !== null && 'S', view.mixAudible && 'X', voice && 'V', picture && 'C', screen && 'D'];
  return `${state.link?.phase ?? 'none'} ${flags.filter(Boolean).join('')}`;
}

let paused: 'camera' | 'screen' | null;

function start(linkId = 'l1'): void {
  paths.started({ linkId, peerId: 'b', offers: true, iceServers: [] });
}

/** The link connects, and both voice and camera come. */
async function ready(): Promise<void> {
  start();
  await pass(0);
  paths.take('l1', { description: { type: 'answer', sdp: 'answer' } });
  pc().become('connected');
  receiver(0).inbound = { packetsReceived: 3, jitterBufferEmittedCount: 960 };
  await pass(60);
  receiver(0).inbound = { packetsReceived: 6, jitterBufferEmittedCount: 3840 };
  receiver(1).inbound = { framesDecoded: 1 };
  await pass(60);
}

async function direct(): Promise<void> {
  await ready();
  paths.mode('peerToPeer', 'twoPeople');
}

const receiver = (line: number) => pc().transceivers[line]?.receiver as FakeReceiver;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  pcs = [];
  reports = [];
  refusal = null;
  media = { mic: true, cam: true, screen: false };
  slots = { camera: new FakeReceiver('video'), screen: null };
  slots.camera = new FakeReceiver('video');
  slots.camera.inbound = { framesDecoded: 100 };
  carries = false;
  paused = null;
  hub = true;
  signals = [];
  played = 960;
  paths = new PathSwitch({
    createPeerConnection: (configuration) => {
      pcs.push(new FakePeerConnection(configuration));
      return pc() as unknown as RTCPeerConnection;
    },
    signal: async (_, message) => {
      if (hub) {
        signals.push(message.description?.sdp ?? message.candidate?.candidate ?? 'restart');
      }
      return hub;
    },
    report: async (linkId, state) => {
      reports.push(`${linkId} ${state}`);
      return refusal;
    },
    sendToServer: (outgoing) => {
      toServer = outgoing;
    },
    expects: () => media.mic || media.cam,
    mediaOf: () => media,
    slotOf: (_, source) => slots[source] as unknown as RTCRtpReceiver | null,
    pausedByServer: (_, source) => paused === source,
    mixReceiver: () =>
      ({
        getSynchronizationSources: () => (played === null ? [] : [{ rtpTimestamp: played }]),
      }) as unknown as RTCRtpReceiver,
    serverCarries: () => carries,
  });
  paths.send({ mic, cam, screen: null });
});

afterEach(() => {
  paths.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('going peer to peer', () => {
  it('plays the link when the voice plays and a frame is decoded, and goes on sending to the server', async () => {
    start();
    await pass(0);
    paths.take('l1', { description: { type: 'answer', sdp: 'answer' } });
    pc().become('connected');
    await pass(500);
    expect(now()).toBe('connecting SX');
    receiver(1).inbound = { framesDecoded: 1 };
    receiver(0).inbound = { packetsReceived: 3, jitterBufferEmittedCount: 960 };
    await pass(60);
    // Samples that left the buffer once are no voice yet: they must go on leaving it.
    await pass(60);
    expect(now()).toBe('connecting SX');
    receiver(0).inbound = { packetsReceived: 6, jitterBufferEmittedCount: 3840 };
    await pass(60);
    expect(now()).toBe('playing SVCD');
    expect(reports).toEqual(['l1 ready']);
    expect(pc().transceivers.map((t) => t.sender.track)).toEqual([mic, cam, null]);
  });

  it('stops sending to the server only when both are ready', async () => {
    await ready();
    expect(now()).toBe('playing SVCD');
    paths.mode('peerToPeer', 'twoPeople');
    expect(now()).toBe('playing VCD');
  });

  it('waits for nothing that the other has off', async () => {
    media = { mic: false, cam: false, screen: false };
    start();
    pc().become('connected');
    await pass(60);
    expect(reports).toEqual(['l1 ready']);
  });

  it('waits for the screen that the other shares', async () => {
    media.screen = true;
    await ready();
    expect(reports).toEqual([]);
    receiver(2).inbound = { framesDecoded: 1 };
    await pass(120);
    expect(reports).toEqual(['l1 ready']);
  });

  it('believes a second of packets where the browser does not say that they play', async () => {
    media.cam = false;
    start();
    pc().become('connected');
    receiver(0).inbound = { packetsReceived: 49 };
    await pass(120);
    expect(reports).toEqual([]);
    receiver(0).inbound = { packetsReceived: 50 };
    await pass(60);
    expect(reports).toEqual(['l1 ready']);
  });

  it('stays with the server when it does not connect, and says so', async () => {
    start();
    await pass(0);
    pc().become('failed');
    expect(now()).toBe('failed SX');
    expect(reports).toEqual(['l1 failed']);
    expect(pc().closed).toBe(true);
    expect(paths.linkId).toBeNull();
  });

  it('goes back at once when it works for us but not for the other', async () => {
    await ready();
    paths.ended('l1');
    expect(now()).toBe('none SX');
    expect(pc().closed).toBe(true);
  });

  it('takes a link once, and replaces it by another', async () => {
    start();
    start();
    expect(pcs).toHaveLength(1);
    start('l2');
    expect(pcs[0]?.closed).toBe(true);
    paths.ended('l1');
    expect(paths.linkId).toBe('l2');
  });

  it('hears nothing of what is told of another link', async () => {
    start();
    await pass(0);
    paths.take('l0', { description: { type: 'answer', sdp: 'bad' } });
    await pass(0);
    expect(now()).toBe('connecting SX');
  });
});

describe('going to the server', () => {
  const third = () => paths.mode('server', 'moreThanTwo');
  const frame = () => {
    (slots.camera as FakeReceiver).inbound = { framesDecoded: 101 };
  };

  it('plays each part from the link until it comes from the server', async () => {
    await direct();
    third();
    expect(now()).toBe('returning SXVCD');
    await pass(300);
    expect(now()).toBe('returning SXVC');
    frame();
    await pass(60);
    expect(now()).toBe('returning SXV');
    played = null;
    paths.inMix('b', 960);
    await pass(20);
    expect(now()).toBe('returning SXV');
    // Timestamps wrap.
    played = 2 ** 32 - 960;
    await pass(20);
    expect(now()).toBe('returning SXV');
    played = 1920;
    await pass(10);
    expect(now()).toBe('released SX');
    expect(reports).toEqual(['l1 ready', 'l1 released']);
    // For the other's sake it is still sent on the link.
    expect(pc().closed).toBe(false);
    expect(pc().transceivers.map((t) => t.sender.track)).toEqual([mic, cam, null]);
    paths.ended('l1');
    expect(pc().closed).toBe(true);
  });

  it('does not take the voice of a third person for that of the other', async () => {
    await direct();
    third();
    paths.inMix('c', 960);
    await pass(1_000);
    expect(now()).toBe('returning SXVC');
  });

  it('waits for no voice of one who is muted, and no picture of one without a camera', async () => {
    await direct();
    media = { mic: false, cam: false, screen: false };
    third();
    await pass(0);
    expect(reports.at(-1)).toBe('l1 released');
  });

  it('waits for a slot that is not there yet, and then for a frame in it', async () => {
    await direct();
    const slot = slots.camera;
    slots.camera = null;
    third();
    paths.inMix('b', 960);
    await pass(500);
    slots.camera = slot;
    await pass(120);
    expect(now()).toBe('returning SXC');
    frame();
    await pass(60);
    expect(now()).toBe('released SX');
  });

  it('keeps the screen on the link until its slot decodes', async () => {
    media.screen = true;
    await ready();
    receiver(2).inbound = { framesDecoded: 1 };
    await pass(120);
    paths.mode('peerToPeer', 'twoPeople');
    third();
    paths.inMix('b', 960);
    await pass(60);
    frame();
    slots.screen = new FakeReceiver('video');
    await pass(180);
    expect(now()).toBe('returning SXD');
    slots.screen.inbound = { framesDecoded: 1 };
    await pass(60);
    expect(now()).toBe('released SX');
  });

  it('does not wait for a picture that the server has paused', async () => {
    await direct();
    third();
    await pass(300);
    expect(now()).toBe('returning SXVC');
    paused = 'camera';
    await pass(60);
    expect(now()).toBe('returning SXV');
  });

  it('ends with the link, whatever is not back by then', async () => {
    await direct();
    third();
    paths.ended('l1');
    expect(now()).toBe('none SX');
    await pass(10_000);
    expect(reports).toEqual(['l1 ready']);
  });

  it('releases a link that was never played', async () => {
    start();
    third();
    expect(now()).toBe('released SX');
    expect(reports).toEqual(['l1 released']);
  });

  it('takes no failure from a link that the other has closed already', async () => {
    await direct();
    third();
    pc().become('closed');
    expect(now()).toBe('released SX');
    expect(reports).toEqual(['l1 ready', 'l1 released']);
  });
});

describe('a link that breaks', () => {
  it('is sent to the server at once, and failed after its patience', async () => {
    await direct();
    pc().become('disconnected');
    expect(now()).toBe('playing SVCD');
    await pass(5_000);
    expect(now()).toBe('failed SX');
    expect(reports).toEqual(['l1 ready', 'l1 failed']);
  });

  it('goes on when it comes back', async () => {
    await direct();
    pc().become('disconnected');
    await pass(1_000);
    pc().become('connected');
    for (let at = 0; at < 10_000; at += 250) {
      pc().bytesReceived += 500;
      await pass(250);
    }
    expect(now()).toBe('playing VCD');
  });

  it('is restarted when nothing comes for a second though the other sends, and sent to the server meanwhile', async () => {
    await direct();
    pc().bytesReceived = 1_000;
    await pass(1_000);
    expect(pc().restarts).toBe(0);
    await pass(1_500);
    expect(pc().restarts).toBe(1);
    expect(now()).toBe('playing SVCD');
    pc().bytesReceived = 2_000;
    await pass(500);
    expect(now()).toBe('playing VCD');
  });

  it('is given up when it stays silent, whatever ICE says', async () => {
    await direct();
    await pass(7_000);
    expect(now()).toBe('failed SX');
    expect(reports.at(-1)).toBe('l1 failed');
  });

  it('is not restarted while the other has nothing to send', async () => {
    await direct();
    media = { mic: false, cam: false, screen: false };
    await pass(10_000);
    expect(pc().restarts).toBe(0);
  });
});

describe('a hub connection that was lost', () => {
  it('leaves the link alone, and names it when it joins again', async () => {
    await direct();
    expect(paths.linkId).toBe('l1');
    paths.rejoined(true, 'peerToPeer', 'twoPeople');
    await pass(500);
    expect(now()).toBe('playing VCD');
    expect(pc().closed).toBe(false);
  });

  it('brings later what could not be told meanwhile, in order', async () => {
    await direct();
    signals.length = 0;
    hub = false;
    paths.restart();
    await pass(0);
    pc().find({ candidate: 'new address' });
    pc().find({ candidate: 'another' });
    await pass(0);
    expect(signals).toEqual([]);
    hub = true;
    paths.rejoined(true, 'peerToPeer', 'twoPeople');
    await pass(0);
    expect(signals).toEqual(['offer 1', 'new address', 'another']);
  });

  it('is told again what it may have missed', async () => {
    await ready();
    paths.rejoined(true, 'server', 'twoPeople');
    expect(reports).toEqual(['l1 ready', 'l1 ready']);
  });

  it('hands over to a server that was restarted, by what it says of both ways to it', async () => {
    await direct();
    refusal = 'linkUnknown';
    paths.rejoined(true, 'server', 'settling');
    expect(now()).toBe('returning SXVCD');
    await pass(5_000);
    (slots.camera as FakeReceiver).inbound = { framesDecoded: 101 };
    await pass(60);
    expect(now()).toBe('returning SXV');
    carries = true;
    await pass(2_200);
    expect(now()).toBe('released SX');
    // The other may still play it: it is not closed under them.
    await pass(4_000);
    expect(pc().closed).toBe(false);
    await pass(1_000);
    expect(pc().closed).toBe(true);
    expect(paths.linkId).toBeNull();
  });

  it('that gave us a new place has ended the link', async () => {
    await direct();
    paths.rejoined(false, 'server', 'twoPeople');
    expect(now()).toBe('none SX');
    expect(pc().closed).toBe(true);
  });

  it('drops a link that the server does not know', async () => {
    refusal = 'linkUnknown';
    await ready();
    await pass(1);
    expect(now()).toBe('none SX');
  });
});

it('sends a change of device on both ways while both are used', async () => {
  await ready();
  paths.send({ mic: null, cam, screen: null });
  expect(toServer.mic).toBeNull();
  await pass(0);
  expect(pc().transceivers.map((t) => t.sender.track)).toEqual([null, cam, null]);
});
