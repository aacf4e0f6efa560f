/** What part of the landscape to look at (as `formulas/slices.py`). */

import type { Window } from "../training/types";

/** Lowest points farther out than this are followed no further. */
const FARTHEST = 8;

/** A square with the origin, the start and the lowest points in it, and two fifths of its width to spare. */
export function windowOf(start: readonly [number, number], points: readonly (readonly [number, number])[]): Window {
  const reach = Math.max(FARTHEST, Math.abs(start[0]), Math.abs(start[1]));
  const held = (x: number): number => Math.min(reach, Math.max(-reach, x));
  const xs = [0, start[0], ...points.map(([x]) => held(x))];
  const ys = [0, start[1], ...points.map(([, y]) => held(y))];
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
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
