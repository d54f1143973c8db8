import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PageSight } from '../../../src/ui/meeting/pageSight';

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  become(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

let page: FakePage;
let sight: PageSight;

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
  sight = new PageSight(page as unknown as Document);
});

afterEach(() => {
  sight.close();
  vi.useRealTimers();
});

it('is lost five seconds after the tab was hidden, and back at once', () => {
  page.become('hidden');
  vi.advanceTimersByTime(4_999);
  expect(sight.seen.value).toBe(true);
  vi.advanceTimersByTime(1);
  expect(sight.seen.value).toBe(false);
  page.become('visible');
  expect(sight.seen.value).toBe(true);
});

it('is not lost by a look at another tab', () => {
  page.become('hidden');
  vi.advanceTimersByTime(4_000);
  page.become('visible');
  vi.advanceTimersByTime(10_000);
  expect(sight.seen.value).toBe(true);
});
