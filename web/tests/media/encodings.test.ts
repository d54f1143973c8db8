import { describe, expect, it } from 'vitest';
import { allLayers, maxBitrate, offeredEncodings, planEncodings } from '../../src/media/encodings';

const hd = { width: 1280, height: 720 };
const plan = (width: number, height: number, layers = allLayers, count = 3) =>
  planEncodings('cam', { width, height }, count, layers)
    .map(({ active, scaleResolutionDownBy }) => (active ? `1/${scaleResolutionDownBy}` : '-'))
    .join(' ');

describe('the encodings of a camera', () => {
  it.each([
    [1920, 1080, '1/4 1/2 1/1'],
    [1280, 720, '1/4 1/2 1/1'],
    [960, 540, '1/4 1/2 1/1'],
    [640, 480, '1/2 1/1 -'],
    [640, 360, '1/2 1/1 -'],
    [320, 180, '1/1 - -'],
    [160, 90, '1/1 - -'],
    [720, 1280, '1/4 1/2 1/1'],
    [360, 640, '1/2 1/1 -'],
  ])('of %i × %i are as many as it is worth', (width, height, expected) => {
    expect(plan(width, height)).toBe(expected);
  });

  it('are the lowest of them that anybody can use', () => {
    expect([3, 2, 1, 0].map((layers) => plan(1280, 720, layers))).toEqual([
      '1/4 1/2 1/1',
      '1/4 1/2 -',
      '1/4 - -',
      '- - -',
    ]);
    expect(plan(640, 360, 1)).toBe('1/2 - -');
    expect(plan(320, 180, 1)).toBe('1/1 - -');
  });

  it('are one, and whole, where there is only one', () => {
    expect(planEncodings('cam', hd, 1, allLayers)).toEqual([
      { active: true, scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
    ]);
    expect(plan(1280, 720, 1, 1)).toBe('1/1');
    expect(plan(1280, 720, 0, 1)).toBe('-');
    expect(plan(1280, 720, 3, 0)).toBe('');
  });

  it('take as many bits as their size is worth', () => {
    expect(planEncodings('cam', hd, 3, allLayers).map((encoding) => encoding.maxBitrate)).toEqual([
      152_000, 509_000, 1_700_000,
    ]);
    expect(maxBitrate({ width: 3840, height: 2160 })).toBe(2_500_000);
    expect(maxBitrate({ width: 16, height: 16 })).toBe(60_000);
  });

  it('are offered all active, so that no answer pauses one', () => {
    const offered = offeredEncodings('cam', { width: 320, height: 180 });
    expect(offered).toMatchObject(['q', 'h', 'f'].map((rid) => ({ rid, active: true, scalabilityMode: 'L1T3' })));
  });
});

describe('the encodings of a screen', () => {
  it('are two: half and whole', () => {
    const offered = offeredEncodings('screen', { width: 1920, height: 1080 });
    expect(offered).toMatchObject([
      { rid: 'h', scaleResolutionDownBy: 2, maxFramerate: 15 },
      { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 15 },
    ]);
  });
});
