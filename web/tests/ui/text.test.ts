import { describe, expect, it } from 'vitest';
import {
  clock,
  colourIndex,
  dayAfter,
  dayIn,
  duration,
  initials,
  meetingIdIn,
  remaining,
  timeIn,
  timeZone,
} from '../../src/ui/text';

describe('initials', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['Ada King Noel Lovelace', 'AL'],
    ['ada', 'A'],
    ['  ', '?'],
    ['👩‍👩‍👧 Family', '👩‍👩‍👧F'],
    ['élodie Ärger', 'ÉÄ'],
    ['李 小龙', '李小'],
    ['<script>', '<'],
  ])('of %j are %j', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

it('gives one person one colour', () => {
  expect(colourIndex('abc', 6)).toBe(colourIndex('abc', 6));
  const used = new Set(Array.from({ length: 100 }, (_, i) => colourIndex(`participant-${i}`, 6)));
  expect([...used].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});

it.each([
  [0, '0s'],
  [59_000, '59s'],
  [60_000, '1m'],
  [3_599_000, '59m'],
  [3_600_000, '1h'],
  [3_900_000, '1h 5m'],
  [-5, '0s'],
])('calls %i ms %j', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

it.each([
  [0, '0:00'],
  [247_000, '4:07'],
  [3_847_000, '1:04:07'],
])('shows %i ms as %j', (milliseconds, words) => {
  expect(clock(milliseconds)).toBe(words);
});

describe('the id in what was pasted', () => {
  const host = 'meet.example.org:8080';

  it.each([
    ['http://meet.example.org:8080/m/calm-lake-42', 'calm-lake-42'],
    ['https://meet.example.org:8443/m/calm-lake-42/', 'calm-lake-42'],
    ['https://MEET.example.org/m/calm-lake-42?x=1#y', 'calm-lake-42'],
    ['meet.example.org/m/calm-lake-42', 'calm-lake-42'],
    ['/m/calm-lake-42', 'calm-lake-42'],
    ['  calm-lake-42  ', 'calm-lake-42'],
    ['/m/caf%C3%A9', 'café'],
  ])('%j is %j', (input, id) => {
    expect(meetingIdIn(input, host)).toBe(id);
  });

  it.each([
    '',
    'two words',
    'https://elsewhere.example.org/m/calm-lake-42',
    'https://meet.example.org/history/calm-lake-42',
    'javascript:alert(1)',
    '/m/%E0%A4%A',
    '../m/x',
  ])('%j is none', (input) => {
    expect(meetingIdIn(input, host)).toBeNull();
  });
});

describe('the counter', () => {
  it('is silent until a tenth is left, then counts down and below zero', () => {
    expect(remaining('', 5000)).toBeNull();
    expect(remaining('x'.repeat(4499), 5000)).toBeNull();
    expect(remaining('x'.repeat(4500), 5000)).toBe(500);
    expect(remaining('x'.repeat(5000), 5000)).toBe(0);
    expect(remaining('x'.repeat(5003), 5000)).toBe(-3);
  });

  it('counts as the server does, in UTF-16 units', () => {
    expect(remaining('👍'.repeat(2500), 5000)).toBe(0);
  });
});

describe('a planned time', () => {
  it('is typed in the time zone of the person and told in UTC', () => {
    const typed = '2026-03-05T14:30';
    expect(timeIn(typed)).toBe(new Date(2026, 2, 5, 14, 30).toISOString());
    expect(timeIn('')).toBeNull();
  });

  it('says which zone that is', () => {
    expect(timeZone(new Date('2026-07-01T00:00:00Z'))).toMatch(/^\S+ \((GMT|UTC)[^)]*\)$/);
  });
});

it('takes days from their beginning to their end, in the time zone of the person', () => {
  expect(dayIn('2026-03-05')).toBe(new Date(2026, 2, 5).toISOString());
  expect(dayAfter('2026-03-31')).toBe(new Date(2026, 3, 1).toISOString());
  expect([dayIn(''), dayAfter('')]).toEqual([null, null]);
});
