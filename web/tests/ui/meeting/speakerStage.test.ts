import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SpeakerStage } from '../../../src/ui/meeting/speakerStage';

const others = ['b', 'c', 'd'];
let stage: SpeakerStage;
let seen: (string | null)[];

beforeEach(() => {
  vi.useFakeTimers();
  seen = [];
  stage = new SpeakerStage();
  stage.onChange = (id) => seen.push(id);
});

afterEach(() => {
  stage.close();
  vi.useRealTimers();
});

it('begins with who speaks, or who is there', () => {
  stage.see(null, others);
  expect(seen).toEqual(['b']);
  stage.close();
  stage = new SpeakerStage();
  stage.onChange = (id) => seen.push(id);
  stage.see('d', others);
  expect(seen).toEqual(['b', 'd']);
});

it('follows who speaks, but leaves nobody sooner than after two seconds', () => {
  stage.see('b', others);
  vi.advanceTimersByTime(1_500);
  stage.see('c', others);
  vi.advanceTimersByTime(499);
  expect(seen).toEqual(['b']);
  vi.advanceTimersByTime(1);
  expect(seen).toEqual(['b', 'c']);
  vi.advanceTimersByTime(10_000);
  stage.see('d', others);
  expect(seen).toEqual(['b', 'c', 'd']);
});

it('does not go after a word that was over before the two seconds', () => {
  stage.see('b', others);
  stage.see('c', others);
  vi.advanceTimersByTime(1_000);
  stage.see('b', others);
  vi.advanceTimersByTime(10_000);
  expect(seen).toEqual(['b']);
});

it('stays with who spoke last in silence, and when oneself speaks', () => {
  stage.see('c', others);
  vi.advanceTimersByTime(10_000);
  stage.see(null, others);
  stage.see('me', others);
  vi.advanceTimersByTime(10_000);
  expect(seen).toEqual(['c']);
});

it('changes at once when who stands there has left', () => {
  stage.see('b', others);
  stage.see(null, ['d', 'c']);
  expect(seen).toEqual(['b', 'd']);
  stage.see(null, []);
  expect(seen).toEqual(['b', 'd', null]);
});
