/** What part of the landscape to look at (as `formulas/slices.py`). */

import type { Window } from "../training/types";

/** What lies farther out than this, and than the starts, is followed no further. */
const FARTHEST = 8;

type Place = readonly [number, number];

/** A square with the origin, the starts and the points in it, and two fifths of its width to spare. */
export function windowOf(starts: readonly Place[], points: readonly Place[]): Window {
  const reach = starts.flat().reduce((far, x) => Math.max(far, Math.abs(x)), FARTHEST);
  const along = (axis: 0 | 1): [number, number] =>
    [...starts, ...points].reduce<[number, number]>(([low, high], point) => {
      const held = Math.min(reach, Math.max(-reach, point[axis]));
      return [Math.min(low, held), Math.max(high, held)];
    }, [0, 0]);
  const [[left, right], [bottom, top]] = [along(0), along(1)];
  const half = (Math.max(right - left, top - bottom, 2) / 2) * 1.4;
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  return [x - half, x + half, y - half, y + half];
}

/** A surface's window; one that has to grow to hold the start grows by a twentieth more. */
export function windowWith([left, right, bottom, top]: Window, [x, y]: readonly [number, number]): Window {
  return [...grown(left, right, x), ...grown(bottom, top, y)];
}

function grown(low: number, high: number, place: number): [number, number] {
  const spare = 0.05 * (Math.max(high, place) - Math.min(low, place));
  return [place < low ? place - spare : low, place > high ? place + spare : high];
}
