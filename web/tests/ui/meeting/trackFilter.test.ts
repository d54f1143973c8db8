import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FilteredTrack } from '../../../src/media/filteredTrack';
import { TrackFilter } from '../../../src/ui/meeting/trackFilter';

const track = (name: string) => ({ name }) as unknown as MediaStreamTrack;
const microphone = signal<MediaStreamTrack | null>(null);
let filters: { of: MediaStreamTrack; settle(): Promise<void>; fail(): Promise<void>; filtered: FilteredTrack }[];
let noise: TrackFilter;

beforeEach(() => {
  filters = [];
  microphone.value = track('desk');
  noise = new TrackFilter('noise', microphone, (of) => {
    const filtered = { track: track('clean'), close: vi.fn() };
    return new Promise((resolve, reject) => {
      filters.push({
        of,
        filtered,
        settle: async () => resolve(filtered),
        fail: async () => reject(new Error()),
      });
    });
  });
});

const last = () => filters[filters.length - 1] as (typeof filters)[number];
const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('a filter of a device', () => {
  it('is not there unless it is wanted', () => {
    expect([noise.track.value, filters.length]).toEqual([microphone.value, 0]);
  });

  it('sends the microphone itself until the filter runs, and again when it is not wanted any more', async () => {
    noise.choose(true);
    expect(noise.track.value).toBe(microphone.value);
    await last().settle();
    await turn();
    expect(noise.track.value).toBe(last().filtered.track);
    noise.choose(false);
    expect(noise.track.value).toBe(microphone.value);
    expect(last().filtered.close).toHaveBeenCalledOnce();
  });

  it('goes on with the microphone, and says so, where the filter cannot run', async () => {
    const failed = vi.fn();
    noise.onFailed = failed;
    noise.choose(true);
    await last().fail();
    await turn();
    expect([noise.track.value, noise.wanted.value]).toEqual([microphone.value, false]);
    expect(failed).toHaveBeenCalledOnce();
  });

  it('follows to another microphone, and never sends the one before', async () => {
    noise.choose(true);
    const first = last();
    microphone.value = track('headset');
    await first.settle();
    await turn();
    expect(noise.track.value).toBe(microphone.value);
    expect(first.filtered.close).toHaveBeenCalledOnce();
    expect(last().of).toBe(microphone.value);
    await last().settle();
    await turn();
    expect(noise.track.value).toBe(last().filtered.track);
    microphone.value = null;
    expect(noise.track.value).toBeNull();
  });

  it('of a picture that shall not be seen sends nothing before it runs, but what was seen before', async () => {
    const made: (() => void)[] = [];
    const filtered = { track: track('blurred'), close: vi.fn() };
    const blur = new TrackFilter(
      'blur',
      microphone,
      () => new Promise((resolve) => made.push(() => resolve(filtered))),
      true,
    );
    expect(blur.track.value).toBe(microphone.value);
    blur.choose(true);
    expect(blur.track.value).toBe(microphone.value);
    made.pop()?.();
    await turn();
    expect(blur.track.value).toBe(filtered.track);
    microphone.value = track('another');
    expect(blur.track.value).toBeNull();
    made.pop()?.();
    await turn();
    expect(blur.track.value).toBe(filtered.track);
    blur.choose(false);
    expect(blur.track.value).toBe(microphone.value);
    blur.close();
  });

  it('lets go of the filter at the end', async () => {
    noise.choose(true);
    await last().settle();
    await turn();
    noise.close();
    expect(last().filtered.close).toHaveBeenCalledOnce();
  });
});
