import { expect, it } from 'vitest';
import { LipSync } from '../../src/media/lipSync';

/** A receiver; each of what it plays waits for a time of milliseconds. */
function receiver() {
  const stats = { type: 'inbound-rtp', jitterBufferDelay: 0, jitterBufferTargetDelay: 0, jitterBufferEmittedCount: 0 };
  return {
    jitterBufferTarget: null as number | null,
    plays(count: number, waited: number) {
      stats.jitterBufferEmittedCount += count;
      stats.jitterBufferDelay += (count * waited) / 1000;
      stats.jitterBufferTargetDelay += (count * waited) / 1000;
    },
    getStats: async () => new Map([['1', stats]]) as unknown as RTCStatsReport,
  };
}

it('holds pictures for as long as the browser holds the one it does by itself', async () => {
  const [mix, held, one, other] = [receiver(), receiver(), receiver(), receiver()];
  const lips = new LipSync(mix, held, [one, other]);
  mix.plays(48_000, 60);
  held.plays(15, 150);
  await lips.follow();
  expect([held, one, other].map((picture) => picture.jitterBufferTarget)).toEqual([null, 150, 150]);
  held.plays(15, 90);
  await lips.follow();
  expect(one.jitterBufferTarget).toBe(90);
});

it('holds them for as long as the mix waits, and what the server held the voice, while there is none', async () => {
  const [mix, held, one] = [receiver(), receiver(), receiver()];
  const lips = new LipSync(mix, held, [one]);
  mix.plays(48_000, 60);
  await lips.follow();
  expect(one.jitterBufferTarget).toBe(100);
  mix.plays(48_000, 160);
  await lips.follow();
  expect(one.jitterBufferTarget).toBe(200);
});

it('leaves them alone for a few milliseconds, and while nothing is played', async () => {
  const [mix, held, one] = [receiver(), receiver(), receiver()];
  const lips = new LipSync(mix, held, [one]);
  await lips.follow();
  expect(one.jitterBufferTarget).toBeNull();
  mix.plays(48_000, 60);
  await lips.follow();
  mix.plays(48_000, 69);
  await lips.follow();
  await lips.follow();
  expect(one.jitterBufferTarget).toBe(100);
});

it('asks nothing of a browser that cannot', async () => {
  const [mix, one] = [receiver(), { getStats: receiver().getStats }];
  mix.plays(48_000, 60);
  await new LipSync(mix, undefined, [one]).follow();
  expect(one).not.toHaveProperty('jitterBufferTarget');
});
