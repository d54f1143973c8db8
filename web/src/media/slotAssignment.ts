/** Which picture each slot should carry, by mid; a free slot is not in it. */
export type Assignment = ReadonlyMap<string, string>;

/**
 * Gives slots to the wanted pictures, the most wanted first. Who has a slot keeps it, so that no picture moves to another
 * stream without need; where there are more wanted than slots, the last ones get none.
 */
export function assignSlots(mids: readonly string[], wanted: readonly string[], before: Assignment): Assignment {
  const served = new Set(wanted.slice(0, mids.length));
  const next = new Map<string, string>();
  for (const mid of mids) {
    const id = before.get(mid);
    if (id !== undefined && served.delete(id)) {
      next.set(mid, id);
    }
  }
  const free = mids.filter((mid) => !next.has(mid));
  for (const id of served) {
    next.set(free.shift() as string, id);
  }
  return next;
}

/** A size for `setView`: rounded up in steps, so that a window being resized does not ask at each pixel. */
export function viewSize(cssPixels: number, ratio: number): number {
  const step = 32;
  return Math.min(4096, Math.max(step, Math.ceil((cssPixels * ratio) / step) * step));
}
