import { expect, it, vi } from 'vitest';
import { ScreenShare } from '../../src/media/screenShare';
import type { SoundMix } from '../../src/media/soundMix';
import { FakeStream, FakeTrack } from './fakePeer';

const devices = (give: () => Promise<FakeTrack>) =>
  ({ getDisplayMedia: async () => new FakeStream([await give()]) }) as unknown as MediaDevices;

function watched(share: ScreenShare): boolean[] {
  const seen: boolean[] = [];
  share.onChange = (track) => seen.push(track !== null);
  return seen;
}

it('is not offered where the browser cannot', async () => {
  const share = new ScreenShare(null);
  expect(share.possible).toBe(false);
  expect(await share.start()).toBe(true);
  expect(share.track).toBeNull();
});

it('ends here, or with the button of the browser', async () => {
  const tracks = [new FakeTrack('video'), new FakeTrack('video')];
  const share = new ScreenShare(devices(async () => tracks.shift() as FakeTrack));
  const [first, second] = tracks;
  const seen = watched(share);
  await share.start();
  share.stop();
  expect(first?.readyState).toBe('ended');
  await share.start();
  second?.unplug();
  expect(share.track).toBeNull();
  expect(seen).toEqual([true, false, true, false]);
});

it('takes a change of mind for no failure, but a refusal of the system for one', async () => {
  const failing = (name: string) => new ScreenShare(devices(() => Promise.reject(new DOMException('No.', name))));
  expect(await failing('NotAllowedError').start()).toBe(true);
  expect(await failing('NotReadableError').start()).toBe(false);
});

it('keeps nothing that was chosen after the end', async () => {
  const track = new FakeTrack('video');
  let choose: ((track: FakeTrack) => void) | undefined;
  const share = new ScreenShare(
    devices(
      () =>
        new Promise((resolve) => {
          choose = resolve;
        }),
    ),
  );
  const seen = watched(share);
  const started = share.start();
  share.close();
  choose?.(track);
  await started;
  expect(track.readyState).toBe('ended');
  expect(seen).toEqual([]);
});

const withSound = (sound: FakeTrack) =>
  ({
    getDisplayMedia: async () => new FakeStream([new FakeTrack('video'), sound]),
  }) as unknown as MediaDevices;

const mixes = () => {
  const mix = { close: vi.fn() };
  return { mix, open: async () => mix as unknown as SoundMix };
};

it('comes with its sound once that can be mixed, and goes on without when the sound ends', async () => {
  const sound = new FakeTrack('audio');
  const { mix, open } = mixes();
  const share = new ScreenShare(withSound(sound), open);
  const seen: boolean[][] = [];
  share.onChange = (track, mixed) => seen.push([track !== null, mixed !== null]);
  await share.start();
  await vi.waitFor(() => expect(share.sound).toBe(mix));
  sound.unplug();
  expect(mix.close).toHaveBeenCalledOnce();
  share.stop();
  expect(seen).toEqual([
    [true, false],
    [true, true],
    [true, false],
    [false, false],
  ]);
});

it('ends its sound with it', async () => {
  const sound = new FakeTrack('audio');
  const { mix, open } = mixes();
  const share = new ScreenShare(withSound(sound), open);
  await share.start();
  await vi.waitFor(() => expect(share.sound).toBe(mix));
  share.stop();
  expect([share.sound, sound.readyState]).toEqual([null, 'ended']);
  expect(mix.close).toHaveBeenCalledOnce();
});

it('leaves out a sound that comes too late or cannot be mixed', async () => {
  const [late, broken] = [new FakeTrack('audio'), new FakeTrack('audio')];
  const { mix, open } = mixes();
  const first = new ScreenShare(withSound(late), open);
  await first.start();
  first.stop();
  await vi.waitFor(() => expect(mix.close).toHaveBeenCalledOnce());
  expect([first.sound, late.readyState]).toEqual([null, 'ended']);

  const second = new ScreenShare(withSound(broken), () => Promise.reject(new Error('No audio system.')));
  await second.start();
  await vi.waitFor(() => expect(broken.readyState).toBe('ended'));
  expect([second.track !== null, second.sound]).toEqual([true, null]);
});

it('asks for the sound as it is, and for all of the machine only where the meeting can be taken out of it', async () => {
  const asked: unknown[] = [];
  const browser = (supported: object) =>
    ({
      getDisplayMedia: async (options: unknown) => {
        asked.push(options);
        return new FakeStream([new FakeTrack('video')]);
      },
      getSupportedConstraints: () => supported,
    }) as unknown as MediaDevices;
  await new ScreenShare(browser({})).start();
  await new ScreenShare(browser({ restrictOwnAudio: true })).start();
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true };
  expect(asked).toEqual([
    { video: true, audio, systemAudio: 'exclude' },
    { video: true, audio, systemAudio: 'include' },
  ]);
});
