import { describe, expect, it } from 'vitest';
import { bestGrid, planTiles, stageGrid } from '../../src/ui/layout';

const wide = { width: 1400, height: 760 };
const phone = { width: 374, height: 680 };

describe('the grid', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 3],
    [7, 3],
    [8, 3],
    [9, 3],
  ])('of %i tiles on a wide stage has %i columns', (count, columns) => {
    expect(bestGrid(count, wide, 8).columns).toBe(columns);
  });

  it.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 1],
    [5, 2],
    [6, 2],
  ])('of %i tiles on a phone held upright has %i columns', (count, columns) => {
    expect(bestGrid(count, phone, 8).columns).toBe(columns);
  });

  it('always fits, is never wider than 16:9, and uses the space well', () => {
    for (const space of [wide, phone, { width: 800, height: 800 }, { width: 640, height: 360 }]) {
      for (let count = 1; count <= 9; count++) {
        const { columns, rows, width, height } = bestGrid(count, space, 8);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        expect(columns * width + (columns - 1) * 8).toBeLessThanOrEqual(space.width);
        expect(rows * height + (rows - 1) * 8).toBeLessThanOrEqual(space.height);
        expect(width / height).toBeLessThanOrEqual(16 / 9 + 0.02);
        expect((count * width * height) / (space.width * space.height)).toBeGreaterThan(0.5);
      }
    }
  });

  it('is no catastrophe in no space at all', () => {
    expect(bestGrid(3, { width: 0, height: 0 }, 8)).toMatchObject({ width: 0, height: 0 });
    expect(bestGrid(0, wide, 8).columns).toBe(1);
  });
});

describe('one picture above a row', () => {
  it('leaves the row what it needs, and the large one all else', () => {
    for (const space of [wide, phone, { width: 640, height: 360 }, { width: 2560, height: 1300 }]) {
      const { large, small, places } = stageGrid(space, 8);
      expect(large.height + 8 + small.height).toBe(space.height);
      expect(places).toBeGreaterThanOrEqual(3);
      expect(places * small.width + (places - 1) * 8).toBeLessThanOrEqual(space.width);
      expect(large.height).toBeGreaterThan(2.5 * small.height);
      expect(small.width / small.height).toBeGreaterThan(0.99);
    }
  });

  it('is no catastrophe in no space at all', () => {
    expect(stageGrid({ width: 0, height: 0 }, 8)).toMatchObject({
      large: { width: 0, height: 0 },
      small: { width: 0, height: 0 },
    });
  });
});

describe('the tiles', () => {
  const ids = Array.from({ length: 12 }, (_, i) => `p${i}`);

  it('show everyone while there is room, oneself last', () => {
    expect(planTiles(['a', 'me', 'b'], 'me', {}, 9)).toEqual({ shown: ['a', 'b', 'me'], page: 0, pages: 1 });
    expect(planTiles(ids.slice(0, 9), 'p0', {}, 9).pages).toBe(1);
  });

  it('show oneself and those heard most recently first, and the others on further pages', () => {
    const heard = { p11: 5, p10: 4, p3: 1 };
    expect(planTiles(ids, 'p0', heard, 9)).toEqual({
      shown: ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p10', 'p11', 'p0'],
      page: 0,
      pages: 2,
    });
    expect(planTiles(ids, 'p0', heard, 9, 1)).toEqual({ shown: ['p7', 'p8', 'p9'], page: 1, pages: 2 });
  });

  it('show everyone on exactly one of the pages, which are no fuller than they may be', () => {
    for (const most of [1, 2, 5, 6, 9, 11, 12]) {
      const { pages } = planTiles(ids, 'p4', { p7: 1 }, most);
      const all = Array.from({ length: pages }, (_, page) => planTiles(ids, 'p4', { p7: 1 }, most, page).shown);
      expect(all.flat().sort()).toEqual([...ids].sort());
      expect(Math.max(...all.map((shown) => shown.length))).toBeLessThanOrEqual(Math.max(2, most));
      expect(Math.min(...all.map((shown) => shown.length))).toBeGreaterThan(0);
    }
  });

  it('are those of the last page when the page is no longer there', () => {
    expect(planTiles(ids, 'p0', {}, 5, 7)).toEqual(planTiles(ids, 'p0', {}, 5, 2));
    expect(planTiles(ids.slice(0, 3), 'p0', {}, 5, 7).page).toBe(0);
  });

  it('do not move about when somebody who is shown speaks', () => {
    const before = planTiles(ids, 'p0', { p11: 1 }, 9);
    const after = planTiles(ids, 'p0', { p11: 1, p2: 2 }, 9);
    expect(after.shown).toEqual(before.shown);
  });
});
