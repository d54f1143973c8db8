/** `automatic`: a shared screen large, else all alike. `grid`: all alike, also a screen. `speaker`: who speaks large, where no screen is. */
export type Layout = 'automatic' | 'grid' | 'speaker';

export const layouts: readonly Layout[] = ['automatic', 'grid', 'speaker'];

export interface Grid {
  columns: number;
  rows: number;
  /** Size of one tile, in CSS pixels. */
  width: number;
  height: number;
}

const widest = 16 / 9;

/**
 * The grid that gives `count` tiles the largest area in a space. Tiles are 16:9 at the widest; to fill the space they may be as
 * narrow as 4:3, and square where the space itself stands upright, as on a phone.
 */
export function bestGrid(count: number, space: { width: number; height: number }, gap: number): Grid {
  const narrowest = space.height > space.width ? 1 : 4 / 3;
  let best: Grid = { columns: 1, rows: Math.max(1, count), width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = Math.max(0, (space.width - gap * (columns - 1)) / columns);
    const cellHeight = Math.max(0, (space.height - gap * (rows - 1)) / rows);
    const ratio = Math.min(widest, Math.max(narrowest, cellWidth / Math.max(1, cellHeight)));
    const width = Math.floor(Math.min(cellWidth, cellHeight * ratio));
    const height = Math.floor(Math.min(cellHeight, width / ratio));
    if (width * height > best.width * best.height) {
      best = { columns, rows, width, height };
    }
  }
  return best;
}

export interface TilePlan {
  /** Whom to show, others in order of joining, oneself last. */
  shown: readonly string[];
  /** Which page this is, counted from 0, and of how many. */
  page: number;
  pages: number;
}

/**
 * Who gets a tile. Up to `most` everyone does. Above, the first page has oneself and those heard most recently, and the others
 * follow on further pages. A page that is no longer there is the last one.
 */
export function planTiles(
  ids: readonly string[],
  selfId: string,
  heard: Readonly<Record<string, number>>,
  most: number,
  page = 0,
): TilePlan {
  const others = ids.filter((id) => id !== selfId);
  const self = others.length < ids.length ? [selfId] : [];
  if (ids.length <= most) {
    return { shown: [...others, ...self], page: 0, pages: 1 };
  }
  const places = Math.max(1, most - self.length);
  const rank = others.map((id, index) => ({ id, index, heard: heard[id] ?? 0 }));
  rank.sort((a, b) => b.heard - a.heard || a.index - b.index);
  const chosen = new Set(rank.slice(0, places).map((entry) => entry.id));
  const rest = others.filter((id) => !chosen.has(id));
  const pages = 1 + Math.ceil(rest.length / most);
  const now = Math.min(page, pages - 1);
  const shown =
    now === 0 ? [...others.filter((id) => chosen.has(id)), ...self] : rest.slice((now - 1) * most, now * most);
  return { shown, page: now, pages };
}

/** One picture large, above a row of small ones. */
export interface StageGrid {
  /** All that is there for the large one. */
  large: { width: number; height: number };
  small: { width: number; height: number };
  /** How many small ones the row holds. */
  places: number;
}

const smallHeight = { share: 0.2, least: 72, most: 150 };
/** A row holds at least so many, however narrow it is. */
const fewestPlaces = 3;

/** The large one has what the row leaves. */
export function stageGrid(space: { width: number; height: number }, gap: number): StageGrid {
  const wanted = Math.min(smallHeight.most, Math.max(smallHeight.least, space.height * smallHeight.share));
  const widestSmall = Math.max(0, (space.width - gap * (fewestPlaces - 1)) / fewestPlaces);
  const width = Math.floor(Math.min(wanted * widest, widestSmall));
  const height = Math.floor(Math.min(wanted, width));
  return {
    large: { width: Math.max(0, space.width), height: Math.max(0, space.height - height - gap) },
    small: { width, height },
    places: Math.max(fewestPlaces, Math.floor((space.width + gap) / (width + gap))),
  };
}
