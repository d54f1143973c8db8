import { describe, expect, it } from 'vitest';
import { clock, colourIndex, duration, initials, meetingIdIn, remaining } from '../../src/ui/text';

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
  [0, '0 s'],
  [59_000, '59 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [3_600_000, '1 h'],
  [3_900_000, '1 h 5 min'],
  [-5, '0 s'],
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
