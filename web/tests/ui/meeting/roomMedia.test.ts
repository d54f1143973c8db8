import { type Signal, signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nothing, type Outgoing } from '../../../src/media/outgoing';
import { pictureKey, type Wanted } from '../../../src/media/viewRequests';
import { MeetingClient } from '../../../src/signalling/meetingClient';
import type { Joined, ModeState, Participant, SlotQuality } from '../../../src/signalling/protocol';
import type { RoomMedia } from '../../../src/ui/meeting/roomMedia';
import { FakePeerConnection, FakeStream, FakeTrack } from '../../media/fakePeer';
import { FakeHub } from '../../signalling/fakeHub';
import { joined, participant } from '../../signalling/samples';

const mic = new FakeTrack('audio') as unknown as MediaStreamTrack;
const on = { mic: true, cam: true, screen: false };
const ben = participant('b', { media: on, serverLeg: 'connected' });
const camera = (participantId: string): Wanted => ({
  participantId,
  source: 'camera',
  width: 320,
  height: 192,
  pinned: false,
});
const mode = (now: ModeState['mode'], reason: ModeState['reason']): ModeState => ({
  mode: now,
  pin: 'auto',
  reason,
  since: '',
});

let pcs: FakePeerConnection[];
let hub: FakeHub;
let client: MeetingClient;
let media: RoomMedia;
let outgoing: Signal<Outgoing>;

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const leg = () => pcs[0] as FakePeerConnection;
const link = () => pcs[1] as FakePeerConnection;
const sentOn = (pc: FakePeerConnection) => pc.transceivers[0]?.sender.track;
const calls = (method: string) => hub.last.calls.filter(([name]) => name === method).map(([, argument]) => argument);

/** The room of Ada, with the leg to the server connected. */
async function enter(others: Participant[] = [ben]): Promise<void> {
  hub.answers.join = () => ({ value: joined('a', others), error: null });
  const { value } = await client.join();
  media.joined(value as Joined, false);
  await pass(0);
  leg().become('connected');
}

/** Both ends are ready, and the server stands back. */
async function direct(): Promise<void> {
  await enter();
  hub.last.event({ name: 'linkStarted', argument: { linkId: 'l1', peerId: 'b', offers: true, iceServers: [] } });
  await pass(0);
  hub.last.event({
    name: 'linkSignal',
    argument: { linkId: 'l1', description: { type: 'answer', sdp: 'answer' }, candidate: null, restart: false },
  });
  await pass(0);
  const [voice, camera] = link().transceivers;
  (voice as NonNullable<typeof voice>).receiver.inbound = { packetsReceived: 50 };
  (camera as NonNullable<typeof camera>).receiver.inbound = { framesDecoded: 1 };
  link().become('connected');
  await pass(120);
  hub.last.event({ name: 'modeChanged', argument: mode('peerToPeer', 'twoPeople') });
  await pass(0);
}

beforeEach(async () => {
  vi.useFakeTimers();
  pcs = [];
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('HTMLMediaElement', class {});
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.stubGlobal(
    'RTCPeerConnection',
    class extends FakePeerConnection {
      constructor(configuration: RTCConfiguration) {
        super(configuration);
        pcs.push(this);
      }
    },
  );
  hub = new FakeHub();
  hub.answers.offer = () => ({ value: { sdp: 'answer' }, error: null });
  client = new MeetingClient({ meetingId: 'calm-lake-1', name: 'Ada', connect: hub.connect, random: () => 0.5 });
  const state = signal(client.state);
  const { RoomMedia } = await import('../../../src/ui/meeting/roomMedia');
  outgoing = signal<Outgoing>({ ...nothing, mic });
  media = new RoomMedia(client, state, outgoing);
  client.onChange = (next, event) => {
    state.value = next;
    if (event.type === 'modeChanged') {
      media.modeChanged();
    }
  };
  client.onJoined = (value, again) => again && media.joined(value, true);
});

afterEach(() => {
  media.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('two people', () => {
  it('are sent to the server until both hear each other directly', async () => {
    await enter();
    expect(media.kind.value).toBe('server');
    hub.last.event({ name: 'linkStarted', argument: { linkId: 'l1', peerId: 'b', offers: true, iceServers: [] } });
    await pass(0);
    expect(calls('signalLink')).toEqual([{ linkId: 'l1', description: { type: 'offer', sdp: 'offer' } }]);
    expect([sentOn(leg()), sentOn(link())]).toEqual([mic, mic]);
  });

  it('then are not', async () => {
    await direct();
    expect(calls('reportLink')).toEqual([{ linkId: 'l1', state: 'ready' }]);
    expect([sentOn(leg()), sentOn(link())]).toEqual([null, mic]);
    expect(media.kind.value).toBe('peerToPeer');
    expect(media.pictures.value.get(pictureKey('b', 'camera'))).toBe(media.path.value.streams?.cam);
    expect(media.pictures.value.has(pictureKey('b', 'screen'))).toBe(false);
  });

  it('see each other in the slot again once it delivers, when a third comes', async () => {
    await direct();
    hub.last.event({ name: 'modeChanged', argument: mode('server', 'moreThanTwo') });
    hub.last.event({ name: 'slotShown', argument: { mid: '3', participantId: 'b', source: 'camera' } });
    await pass(120);
    expect([sentOn(leg()), sentOn(link())]).toEqual([mic, mic]);
    expect(media.pictures.value.get(pictureKey('b', 'camera'))).toBe(media.path.value.streams?.cam);
    const slot = media.slots.value[0];
    (slot?.receiver as unknown as { inbound: object }).inbound = { framesDecoded: 1 };
    await pass(60);
    expect(media.pictures.value.get(pictureKey('b', 'camera'))).toBe(slot?.stream);
  });

  it('go on while the hub is away, and name their link when it is back', async () => {
    await direct();
    hub.last.drop();
    expect(media.direct.value).toBe(true);
    hub.answers.join = () => {
      const value = joined('a', [ben], [], { resumed: true });
      return { value: { ...value, meeting: { ...value.meeting, mode: mode('peerToPeer', 'twoPeople') } }, error: null };
    };
    await pass(0);
    expect(calls('join')).toMatchObject([{ linkId: 'l1', resumeToken: 'token of a' }]);
    expect([sentOn(leg()), sentOn(link())]).toEqual([null, mic]);
    expect(pcs).toHaveLength(2);
  });

  it('are told that the way to the server is broken, and lose nothing by it', async () => {
    await direct();
    leg().become('failed');
    expect(media.legBroken.value).toBe(true);
    expect(media.kind.value).toBe('peerToPeer');
    // The next attempt comes within 1.2 s.
    await pass(1_200);
    pcs.at(-1)?.become('connected');
    await pass(0);
    expect(media.legBroken.value).toBe(false);
  });
});

describe('what the server is told', () => {
  it('is the path, a second after it changed and every ten', async () => {
    await enter([]);
    const stats = [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' },
      { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tcp', port: 1 },
      { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', address: '192.0.2.1', port: 2 },
    ];
    leg().getStats = async () => new Map(stats.map((entry) => [entry.id, entry]));
    await pass(1_000);
    expect(calls('reportPath')).toEqual([
      {
        local: { address: null, port: 1, type: 'relay', protocol: 'udp' },
        remote: { address: '192.0.2.1', port: 2, type: 'host', protocol: 'udp' },
        relayProtocol: 'tcp',
      },
    ]);
    expect(media.kind.value).toBe('relay');
    await pass(9_000);
    expect(calls('reportPath').length).toBeGreaterThan(1);
  });
});

describe('the quality of pictures', () => {
  const quality = (level: SlotQuality['level']) =>
    hub.last.event({ name: 'slotQuality', argument: { mid: '3', level, reason: 'bandwidth' } });

  it('is that of the slot which is to carry them, also when it never came so far', async () => {
    await enter();
    media.want([camera('b')]);
    quality('paused');
    expect(media.pictures.value.has(pictureKey('b', 'camera'))).toBe(false);
    expect(media.qualities.value.get(pictureKey('b', 'camera'))?.level).toBe('paused');
    quality('full');
    expect(media.qualities.value.size).toBe(0);
  });

  it('is of no concern for a picture that comes directly', async () => {
    await direct();
    media.want([camera('b')]);
    quality('paused');
    expect(media.qualities.value.size).toBe(0);
    // And on the way back a picture that the server has paused is not waited for.
    hub.last.event({ name: 'modeChanged', argument: mode('server', 'moreThanTwo') });
    await pass(120);
    expect(media.path.value.state.link?.back.cam).toBe(true);
    expect(media.qualities.value.get(pictureKey('b', 'camera'))?.level).toBe('paused');
  });
});

describe('the layers that the server can use', () => {
  const active = (line: number) => leg().transceivers[line]?.sender.encodings.map((encoding) => encoding.active);

  it('are those that are sent, of camera and screen', async () => {
    const cam = new FakeTrack('video') as unknown as MediaStreamTrack;
    outgoing.value = { mic, cam, screen: cam };
    await enter();
    await pass(0);
    expect([active(1), active(2)]).toEqual([
      [true, true, true],
      [true, true],
    ]);
    hub.last.event({ name: 'sendLayers', argument: { source: 'camera', layers: 1 } });
    hub.last.event({ name: 'sendLayers', argument: { source: 'screen', layers: 0 } });
    await pass(0);
    expect([active(1), active(2)]).toEqual([
      [true, false, false],
      [false, false],
    ]);
  });
});

describe('silence from the server', () => {
  it('is none while all that is shown is paused', async () => {
    await enter();
    media.want([camera('b')]);
    hub.last.event({ name: 'slotShown', argument: { mid: '3', participantId: 'b', source: 'camera' } });
    hub.last.event({ name: 'slotQuality', argument: { mid: '3', level: 'paused', reason: 'bandwidth' } });
    await pass(5_000);
    expect(calls('offer')).toHaveLength(1);
  });

  it('is trouble while a picture is shown that we want, and only then', async () => {
    await enter();
    media.want([camera('b')]);
    await pass(5_000);
    expect(calls('offer')).toHaveLength(1);
    hub.last.event({ name: 'slotShown', argument: { mid: '3', participantId: 'b', source: 'camera' } });
    await pass(1_500);
    expect(calls('offer')).toHaveLength(2);
  });

  it('is trouble while somebody is heard by it', async () => {
    await enter();
    hub.last.event({ name: 'speakersChanged', argument: { speaking: ['b'], dominant: 'b' } });
    await pass(1_500);
    expect(calls('offer')).toHaveLength(2);
  });
});
