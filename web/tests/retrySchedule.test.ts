import { describe, expect, it } from 'vitest';
import { hubSchedule, mediaSchedule } from '../src/retrySchedule';

const lowest = () => 0;
const highest = () => 1;

describe('the schedule of a lost hub connection', () => {
  it('begins with 0, 0.3, 1.2, 2.7 and 4.8 s, whatever the dice say', () => {
    for (const random of [lowest, highest]) {
      expect([0, 1, 2, 3, 4].map((attempt) => hubSchedule(attempt, random))).toEqual([0, 300, 1200, 2700, 4800]);
    }
  });

  it('goes on every 7 s, give or take a fifth', () => {
    for (const attempt of [5, 6, 500]) {
      expect(hubSchedule(attempt, lowest)).toBe(5600);
      expect(hubSchedule(attempt, highest)).toBe(8400);
    }
  });
});

describe('the schedule of a lost media leg', () => {
  it('doubles from 1 s and stays at 15 s', () => {
    const middle = () => 0.5;
    expect([0, 1, 2, 3, 4, 100].map((attempt) => mediaSchedule(attempt, middle))).toEqual([
      1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
  });
});
