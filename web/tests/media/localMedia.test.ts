import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalMedia } from '../../src/media/localMedia';
import { FakeStream, FakeTrack } from './fakePeer';

type Constraints = { audio?: unknown; video?: unknown };

let asked: Constraints[];
let tracks: FakeTrack[];
let fail: (constraints: Constraints) => string | null;
let hold: Promise<void> | null;
let media: LocalMedia;

const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
const trackOf = (kind: 'mic' | 'cam') => media.state[kind].track as unknown as FakeTrack;

beforeEach(() => {
  asked = [];
  tracks = [];
  fail = () => null;
  hold = null;
  media = new LocalMedia({
    devices: {
      getUserMedia: async (constraints) => {
        asked.push(constraints as Constraints);
        await hold;
        const name = fail(constraints as Constraints);
        if (name) {
          throw Object.assign(new Error(), { name });
        }
        const made = [
          ...(constraints?.audio ? [new FakeTrack('audio')] : []),
          ...(constraints?.video ? [new FakeTrack('video')] : []),
        ];
        tracks.push(...made);
        return new FakeStream(made) as unknown as MediaStream;
      },
      enumerateDevices: async () =>
        [
          { kind: 'audioinput', deviceId: 'm1', label: 'Desk microphone' },
          { kind: 'videoinput', deviceId: 'c1', label: 'Lid camera' },
          { kind: 'audiooutput', deviceId: '', label: '' },
        ] as MediaDeviceInfo[],
    },
  });
});

describe('opening', () => {
  it('asks once for both', async () => {
    await media.open({ mic: true, cam: true });
    expect(asked).toHaveLength(1);
    expect(media.state.mic.track && media.state.cam.track).toBeTruthy();
    expect(media.state.mic.choices).toEqual([{ id: 'm1', label: 'Desk microphone' }]);
    expect(media.state.speakers).toEqual([]);
  });

  it('opens the one that works, and says what is wrong with the other', async () => {
    fail = ({ video }) => (video ? 'NotFoundError' : null);
    await media.open({ mic: true, cam: true });
    expect(media.state.mic).toMatchObject({ on: true, problem: null });
    expect(media.state.cam).toMatchObject({ on: false, problem: 'missing', track: null });
  });

  it('does not ask again when the question was closed', async () => {
    media = new LocalMedia({
      devices: {
        getUserMedia: async (constraints) => {
          asked.push(constraints as Constraints);
          throw Object.assign(new Error('Permission dismissed'), { name: 'NotAllowedError' });
        },
        enumerateDevices: async () => [],
      },
    });
    await media.open({ mic: true, cam: true });
    expect(asked).toHaveLength(1);
    expect([media.state.mic.problem, media.state.cam.problem]).toEqual(['dismissed', 'dismissed']);
  });

  it('opens nothing for who wants nothing', async () => {
    await media.open({ mic: false, cam: false });
    expect(asked).toEqual([]);
    expect(media.state.cam.choices).toHaveLength(1);
  });
});

describe('turning off', () => {
  it('stops the camera, so that its light goes out', async () => {
    await media.open({ mic: true, cam: true });
    const before = trackOf('cam');
    await media.set('cam', false);
    expect(before.readyState).toBe('ended');
    expect(media.state.cam).toMatchObject({ on: false, track: null });
  });

  it('keeps the microphone ready, and turning it on again asks for nothing', async () => {
    await media.open({ mic: true, cam: false });
    await media.set('mic', false);
    expect(media.state.mic.on).toBe(false);
    expect(trackOf('mic').readyState).toBe('live');
    await media.set('mic', true);
    expect(asked).toHaveLength(1);
  });

  it('wins over an opening that is still under way', async () => {
    let answer = () => {};
    hold = new Promise((resolve) => {
      answer = resolve;
    });
    const opening = media.set('cam', true);
    await settle();
    await media.set('cam', false);
    answer();
    await opening;
    expect(media.state.cam).toMatchObject({ on: false, track: null, opening: false });
    expect(tracks.map((track) => track.readyState)).toEqual(['ended']);
  });
});

describe('devices that change', () => {
  it('are switched while live, and the old one is let go', async () => {
    await media.open({ mic: true, cam: false });
    const before = trackOf('mic');
    await media.choose('mic', 'm2');
    expect(before.readyState).toBe('ended');
    expect(trackOf('mic')).not.toBe(before);
    expect(asked.at(-1)).toMatchObject({ audio: { deviceId: { ideal: 'm2' } } });
  });

  it('are not opened by choosing one while off', async () => {
    await media.choose('cam', 'c2');
    expect(asked).toEqual([]);
    await media.set('cam', true);
    expect(asked[0]).toMatchObject({ video: { deviceId: { ideal: 'c2' } } });
  });

  it('are replaced by another when unplugged, and the person is told', async () => {
    const replaced = vi.fn();
    media.onReplaced = replaced;
    await media.open({ mic: false, cam: true });
    const before = trackOf('cam');
    before.unplug();
    await settle();
    await settle();
    expect(media.state.cam.on).toBe(true);
    expect(trackOf('cam')).not.toBe(before);
    expect(replaced).toHaveBeenCalledWith('cam', trackOf('cam').label);
  });

  it('leave the loudspeaker to the system while the chosen one is unplugged', async () => {
    const replaced = vi.fn();
    let plugged = ['s1', 's2'];
    media = new LocalMedia({
      devices: {
        getUserMedia: () => Promise.reject(new Error()),
        enumerateDevices: async () =>
          plugged.map((deviceId) => ({ kind: 'audiooutput', deviceId, label: '' }) as MediaDeviceInfo),
      },
      speakerId: 's2',
    });
    media.onReplaced = replaced;
    plugged = [];
    await media.refresh();
    expect(media.state.speakerId).toBe('s2');
    plugged = ['s1', 's2'];
    await media.refresh();
    plugged = ['s1'];
    await media.refresh();
    expect(media.state.speakerId).toBe('');
    await media.refresh();
    expect(replaced.mock.calls).toEqual([['speaker', '']]);
  });

  it('are off, and the person is told, when there is no other', async () => {
    const lost = vi.fn();
    media.onLost = lost;
    await media.open({ mic: true, cam: false });
    fail = () => 'NotFoundError';
    trackOf('mic').unplug();
    await settle();
    await settle();
    expect(lost).toHaveBeenCalledWith('mic');
    expect(media.state.mic).toMatchObject({ on: false, track: null, problem: 'missing' });
  });
});

it('lets go of everything at the end', async () => {
  await media.open({ mic: true, cam: true });
  media.close();
  expect(tracks.every((track) => track.readyState === 'ended')).toBe(true);
  await media.set('cam', true);
  expect(media.state.cam.track).toBeNull();
});
