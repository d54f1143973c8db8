import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LocalMedia } from '../../../src/media/localMedia';
import type { ScreenShare } from '../../../src/media/screenShare';
import { MeetingClient } from '../../../src/signalling/meetingClient';
import type { Joined, MediaState } from '../../../src/signalling/protocol';
import { OwnMedia } from '../../../src/ui/meeting/ownMedia';
import { toasts } from '../../../src/ui/toasts';
import { FakeHub } from '../../signalling/fakeHub';
import { joined } from '../../signalling/samples';

/** Devices that work at once. */
class FakeDevices {
  state = { mic: device(false), cam: device(false) };
  told = () => {};
  async set(kind: 'mic' | 'cam', on: boolean): Promise<void> {
    this.state = { ...this.state, [kind]: device(on) };
    this.told();
  }
}

function device(on: boolean) {
  return { on, track: on ? ({} as MediaStreamTrack) : null, opening: false };
}

let hub: FakeHub;
let devices: FakeDevices;
let own: OwnMedia;
let stopped: ReturnType<typeof vi.fn>;
let share: { track: object | null; sound: object | null; stop: unknown };

const told = () => hub.last.calls.filter(([name]) => name === 'setMedia').map(([, media]) => media);
const soon = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers();
  toasts.value = [];
  hub = new FakeHub();
  hub.answers.join = () => ({ value: joined('a'), error: null });
  const client = new MeetingClient({ meetingId: 'm', name: 'Ada', connect: hub.connect });
  const { value } = await client.join();
  devices = new FakeDevices();
  stopped = vi.fn();
  share = { track: null, sound: null, stop: stopped };
  own = new OwnMedia(client, devices as unknown as LocalMedia, share as unknown as ScreenShare);
  devices.told = () => own.tell();
  own.joined(value as Joined);
});

afterEach(() => {
  own.close();
  vi.useRealTimers();
});

describe('devices that are not allowed', () => {
  it('go off again, with the reason, and are not told again and again', async () => {
    await devices.set('cam', true);
    await soon();
    hub.answers.setMedia = () => ({ value: false, error: { code: 'notAllowed', message: 'Hosts only.' } });
    await devices.set('mic', true);
    await soon();
    expect([devices.state.mic.on, devices.state.cam.on]).toEqual([false, true]);
    expect(toasts.value.map(({ text }) => text)).toEqual(['Hosts only.']);
    expect(told()).toHaveLength(2);
  });

  it('never switch on what the person switched off meanwhile', async () => {
    await devices.set('mic', true);
    await soon();
    hub.answers.setMedia = (media) =>
      (media as MediaState).cam
        ? { value: false, error: { code: 'notAllowed', message: '' } }
        : { value: true, error: null };
    // Muted together with something that is refused: the server still has the microphone on.
    devices.state = { mic: device(false), cam: device(true) };
    own.tell();
    await soon();
    expect([devices.state.mic.on, devices.state.cam.on]).toEqual([false, false]);
    expect(stopped).toHaveBeenCalled();
    expect(told().at(-1)).toEqual({ mic: false, cam: false, screen: false, screenAudio: false });
  });

  it('are told again after a while when the refusal makes no sense', async () => {
    await devices.set('mic', true);
    await vi.advanceTimersByTimeAsync(0);
    hub.answers.setMedia = () => ({ value: false, error: { code: 'notAllowed', message: '' } });
    await devices.set('mic', false);
    await vi.advanceTimersByTimeAsync(3_500);
    expect(told()).toHaveLength(5);
  });
});

it('tells of the sound of a screen when it begins and when it ends, with the microphone off all the while', async () => {
  share.track = {};
  own.tell();
  share.sound = {};
  own.tell();
  share.sound = null;
  own.tell();
  await soon();
  const media = { mic: false, cam: false, screen: true };
  expect(told()).toEqual([
    { ...media, screenAudio: false },
    { ...media, screenAudio: true },
    { ...media, screenAudio: false },
  ]);
});
