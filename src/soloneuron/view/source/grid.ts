/** The exact landscape: the mean loss over all points at every knot of a grid of two weights. */

import { LOSSES } from "./losses";

export type Window = readonly [left: number, right: number, bottom: number, top: number];

export interface Grid {
  size: number;
  window: Window;
  values: Float64Array;
  low: number;
  high: number;
}

export interface Points {
  x: number[];
  y: number[];
}

/** Row by row from the bottom; `bias` makes it the slice at that bias, `l2` is the strength of the penalty. */
export function landscape(loss: string, points: Points, window: Window, size: number, bias = 0, l2 = 0): Grid {
  const cost = LOSSES[loss];
  if (cost === undefined) throw new Error(`no such loss: ${loss}`);
  const [left, right, bottom, top] = window;
  const n = points.y.length;
  const a = new Float64Array(n);
  const b = new Float64Array(n);
  const c = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const side = (points.y[i] ?? 0) > 0.5 ? 1 : -1;
    a[i] = side * (points.x[2 * i] ?? 0);
    b[i] = side * (points.x[2 * i + 1] ?? 0);
    c[i] = side * bias;
  }
  const values = new Float64Array(size * size);
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; row < size; row++) {
    const v = bottom + ((top - bottom) * row) / (size - 1);
    for (let column = 0; column < size; column++) {
      const u = left + ((right - left) * column) / (size - 1);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += cost((a[i] as number) * u + (b[i] as number) * v + (c[i] as number));
      const mean = sum / n + (l2 / 2) * (u * u + v * v);
      values[row * size + column] = mean;
      low = Math.min(low, mean);
      high = Math.max(high, mean);
    }
  }
  return { size, window, values, low, high };
}

/** How high a loss stands for the eye, 0 to 1: a logarithm, so that the valley floor has color too. */
export function shade(grid: Grid, value: number): number {
  const unit = (grid.high - grid.low) / 60 || 1;
  return Math.log1p(Math.max(0, value - grid.low) / unit) / Math.log1p((grid.high - grid.low) / unit || 1);
}
