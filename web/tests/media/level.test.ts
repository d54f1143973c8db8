import { describe, expect, it } from 'vitest';
import { decibels, meterShare, SpeechDetector } from '../../src/media/level';

describe('the level', () => {
  it('is 0 dBFS for a full square wave, −100 for silence and for nothing', () => {
    expect(decibels(new Float32Array(64).fill(1))).toBeCloseTo(0);
    expect(decibels(new Float32Array(64).fill(0.1))).toBeCloseTo(-20);
    expect(decibels(new Float32Array(64))).toBe(-100);
    expect(decibels(new Float32Array(0))).toBe(-100);
  });

  it('fills the meter between a quiet room and a raised voice', () => {
    expect([-100, -60, -35, -10, 0].map(meterShare)).toEqual([0, 0, 0.5, 1, 1]);
  });
});

describe('speech while muted', () => {
  const listen = (levels: number[]) => {
    const detector = new SpeechDetector();
    return levels.map((level, index) => detector.heard(level, index * 50));
  };

  it('is heard after half a second', () => {
    const heard = listen(Array(20).fill(-25));
    expect(heard.indexOf(true)).toBe(10);
  });

  it('is still heard across the gaps between syllables', () => {
    expect(listen(Array.from({ length: 20 }, (_, i) => (i % 3 ? -70 : -25))).some(Boolean)).toBe(true);
  });

  it('is not a knock, and not the noise of a room', () => {
    expect(listen([-5, -5, ...Array(30).fill(-70)]).some(Boolean)).toBe(false);
    expect(listen(Array(40).fill(-55)).some(Boolean)).toBe(false);
  });

  it('is not two knocks far apart', () => {
    expect(listen([-5, ...Array(15).fill(-70), -5, ...Array(15).fill(-70)]).some(Boolean)).toBe(false);
  });
});
