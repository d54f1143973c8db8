import { expect, it } from 'vitest';
import { SilenceWatch } from '../../src/media/silenceWatch';
import { FakePeerConnection } from './fakePeer';

/** Times of alarm, with a reading every 500 ms: `bytes` of a time, and whether they are expected. */
function alarms(
  until: number,
  bytes: (at: number) => number,
  expected: (at: number) => boolean = () => true,
): number[] {
  const watch = new SilenceWatch();
  const at: number[] = [];
  for (let now = 0; now <= until; now += 500) {
    if (watch.heard(bytes(now), expected(now), now)) {
      at.push(now);
    }
  }
  return at;
}

it('says after a second that nothing comes, and then more and more seldom', () => {
  expect(alarms(40_000, (at) => Math.min(at, 3_000))).toEqual([4_000, 6_000, 10_000, 18_000, 34_000]);
});

it('says nothing while something comes, or nothing should', () => {
  expect(alarms(20_000, (at) => at)).toEqual([]);
  expect(
    alarms(
      20_000,
      () => 0,
      () => false,
    ),
  ).toEqual([]);
});

it('counts from when something should come, not from when something last came', () => {
  expect(
    alarms(
      11_500,
      () => 0,
      (at) => at >= 10_000,
    ),
  ).toEqual([10_500]);
});

it('is as quick the second time, once something came again', () => {
  expect(alarms(12_000, (at) => (at < 9_500 ? Math.min(at, 3_000) : 9_500))).toEqual([4_000, 6_000, 10_500]);
});

it.each([true, false])('reads the bytes of a connection, counted by stream: %s', async (countsStreams) => {
  const pc = Object.assign(new FakePeerConnection(), { countsStreams, bytesReceived: 700 });
  expect(await SilenceWatch.bytesOf(pc as unknown as RTCPeerConnection)).toBe(700);
});
