import { describe, expect, it } from 'vitest';
import { assignSlots, viewSize } from '../../src/media/slotAssignment';

const none = new Map<string, string>();

describe('slots', () => {
  it('are given in the order of wanting', () => {
    expect([...assignSlots(['3', '4', '5'], ['a', 'b'], none)]).toEqual([
      ['3', 'a'],
      ['4', 'b'],
    ]);
  });

  it('stay with who has them when others come and go', () => {
    const first = assignSlots(['3', '4', '5'], ['a', 'b', 'c'], none);
    const second = assignSlots(['3', '4', '5'], ['d', 'c', 'b'], first);
    expect(second.get('4')).toBe('b');
    expect(second.get('5')).toBe('c');
    expect(second.get('3')).toBe('d');
  });

  it('go to the most wanted when there are too few, and never twice to one', () => {
    const full = assignSlots(['3', '4'], ['a', 'b'], none);
    const next = assignSlots(['3', '4'], ['c', 'b', 'a'], full);
    expect([...next.values()].sort()).toEqual(['b', 'c']);
    expect(next.get('4')).toBe('b');
  });

  it('are free when nobody is wanted', () => {
    expect(assignSlots(['3'], [], new Map([['3', 'a']])).size).toBe(0);
    expect(assignSlots([], ['a'], none).size).toBe(0);
  });

  it('keep every promise over many random changes', () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 16) % n;
    };
    const mids = ['3', '4', '5', '6'];
    let before: ReadonlyMap<string, string> = none;
    for (let round = 0; round < 2000; round++) {
      const wanted = [...'abcdefgh'].filter(() => random(2)).sort(() => random(3) - 1);
      const next = assignSlots(mids, wanted, before);
      const served = wanted.slice(0, mids.length);
      expect([...next.values()].sort()).toEqual([...served].sort());
      for (const [mid, id] of before) {
        if (served.includes(id)) {
          expect(next.get(mid)).toBe(id);
        }
      }
      before = next;
    }
  });
});

describe('the size of a view', () => {
  it('is in device pixels, rounded up in steps, and bounded', () => {
    expect(viewSize(100, 1)).toBe(128);
    expect(viewSize(101, 2)).toBe(224);
    expect(viewSize(0, 1)).toBe(32);
    expect(viewSize(9000, 3)).toBe(4096);
  });
});
