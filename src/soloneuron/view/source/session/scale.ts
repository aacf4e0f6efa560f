/** What the rows and a loss are like, whatever the weights; and a gradient beside that (as `training/scale.py`). */

import type { Neuron } from "../training/neuron";
import { mean } from "./trend";

/** So many roundings of a residual are no gradient. */
const ROUNDINGS = 64;
const EPSILON = Number.EPSILON;
const TINY = 2.2250738585072014e-308;

export interface Column {
  readonly mean: number;
  readonly deviation: number;
  /** The root of the second moment about 0. */
  readonly size: number;
}

export interface Scale {
  readonly columns: readonly Column[];
  /** The least and the largest scale of what theta multiplies. */
  readonly least: number;
  readonly largest: number;
  /** What weights of 0 cost, and the root mean square of the loss's slope there. */
  readonly untrained: { readonly value: number; readonly slope: number };
  /** The least mean loss of one answer for all rows. */
  readonly constant: number;
}

/** What the gradient at the end of a run says. */
export interface Reach {
  /** The largest slope along a column of deviation 1, as a share of that of weights of 0. */
  readonly steepness: number;
  /** By how much the objective can fall along one column at least. */
  readonly gain: number;
  /** The scale of that column. */
  readonly column: number;
  /** The root mean square of the loss's slope, as a share of that of weights of 0. */
  readonly slope: number;
}

export function scaleOf({ rows, loss: cost, settings: { bias } }: Neuron): Scale {
  const columns = Array.from({ length: rows.width }, (_, j) => column(rows.x, rows.width, j));
  const spreads = columns.map(({ deviation, size }) => ({ spread: bias ? deviation : size, size }));
  const varying = spreads.filter(({ spread, size }) => spread > 1e-12 * size).map(({ spread }) => spread);
  const one = bias ? [1] : [];
  const smallest = varying.length + one.length > 0 ? Math.min(...varying, ...one) : 1;
  let ones = 0;
  for (const label of rows.y) ones += label;
  ones /= rows.count;
  const mixed = (of: (label: number) => number): number => of(0) * (1 - ones) + of(1) * ones;
  const costs = Array.from({ length: 601 }, (_, i) => mixed((label) => cost.value(-30 + i / 10, label)));
  return {
    columns,
    least: smallest,
    largest: Math.max(...columns.map(({ size }) => size), ...one, smallest),
    untrained: {
      value: mixed((label) => cost.value(0, label)),
      slope: Math.sqrt(mixed((label) => cost.slope(0, label) ** 2)),
    },
    constant: Math.min(...costs),
  };
}

function column(x: Float64Array, width: number, j: number): Column {
  const count = x.length / width;
  let mean = 0;
  for (let i = j; i < x.length; i += width) mean += x[i] as number;
  mean /= count;
  let square = 0;
  for (let i = j; i < x.length; i += width) square += ((x[i] as number) - mean) ** 2;
  const deviation = Math.sqrt(square / count);
  return { mean, deviation, size: Math.hypot(mean, deviation) };
}

/**
 * Along a column, with the bias taking up its mean, the slope is h = g - mean g_b; a step along it gains
 * h^2 / (2 c d^2) at least, where c bounds the loss's second derivative and d is the column's scale.
 */
export function reachOf(neuron: Neuron, scale: Scale, theta: Float64Array, end: number): Reach {
  const { rows, loss, settings: { bias, l2 } } = neuron;
  const g = new Float64Array(neuron.size);
  neuron.gradient(theta, g);
  const slopes = neuron.logitsOf(theta).map((z, i) => loss.slope(z, rows.y[i] as number) ** 2);
  const slope = Math.sqrt(mean(slopes));
  const bend = loss.curvature < Infinity ? loss.curvature : Math.max(1, end);
  const rounding = ROUNDINGS * EPSILON * slope;
  const last = g[rows.width] ?? 0;
  let best = { gain: -1, column: 1 };
  let steepest = 0;
  const take = (h: number, gain: number, column: number): void => {
    steepest = Math.max(steepest, h);
    if (gain > best.gain) best = { gain, column };
  };
  scale.columns.forEach(({ mean, deviation, size }, j) => {
    const spread = bias ? deviation : size;
    const alive = spread > 1e-12 * size;
    const d = alive ? spread : 1;
    const raw = Math.abs(((g[j] ?? 0) - (bias ? mean * last : 0)) / d) - (rounding * size) / d;
    const h = alive ? Math.max(0, raw) : 0;
    take(h, (h * h) / (2 * (bend + (l2 * (1 + (bias ? mean * mean : 0))) / d / d)), d);
  });
  const h = Math.max(0, Math.abs(last) - rounding);
  if (bias) take(h, (h * h) / (2 * bend), 1);
  const unit = Math.max(scale.untrained.slope, TINY);
  return { steepness: steepest / unit, ...best, slope: slope / unit };
}
