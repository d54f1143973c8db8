import { expect, it } from 'vitest';
import { ScreenShare } from '../../src/media/screenShare';
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
