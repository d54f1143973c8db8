import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WayWatch } from '../../src/media/wayWatch';

describe('WayWatch', () => {
  let told: boolean[];
  let watch: WayWatch;

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    watch = new WayWatch((broken) => told.push(broken));
  });
  afterEach(() => vi.useRealTimers());

  it('says once that a leg failed, and that it is back', () => {
    watch.see('connected');
    watch.see('disconnected');
    watch.see('failed');
    watch.see('connecting');
    watch.see('connected');
    expect(told).toEqual([true, false]);
  });

  it('gives a new leg time, but not one attempt after another', () => {
    watch.see('connecting');
    vi.advanceTimersByTime(5_000);
    watch.see('connecting');
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([true]);
  });

  it('forgets who has left, and says nothing of a leg that came in time', () => {
    watch.see('connecting');
    vi.advanceTimersByTime(3_000);
    watch.see('connected');
    vi.advanceTimersByTime(60_000);
    watch.see('failed');
    watch.see(undefined);
    expect(told).toEqual([true, false]);
  });
});
