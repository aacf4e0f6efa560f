/** The exact landscape: the mean loss over all points at every knot of a grid of two weights. */

import { TOTALS } from "./generated/totals";
import type { Config } from "./protocol";
import { Landscape, type Heights } from "./training/landscape";
import { inputsAt } from "./training/terms";
import type { Total, Window } from "./training/types";

export type { Window };

export interface Grid {
  size: number;
  window: Window;
  values: Float64Array;
  low: number;
  high: number;
  /** How many times the least height that the eye is to tell goes into the whole; 60 if nothing is said. */
  depth?: number;
  /** What theta is held at behind its first two numbers. */
  rest: readonly number[];
}

export interface Points {
  x: number[];
  y: number[];
}

/** To be filled, row by row from the bottom: the slice at the rest of theta; `l2` is the strength of the penalty. */
export function landscape(loss: string, points: Points, window: Window, size: number, rest: number[], config: Config): Landscape {
  // The page draws losses alone that have a formula here.
  return new Landscape(new MeanLoss(TOTALS[loss] as Total, points, rest, config), window, size, rest);
}

/** The mean loss of a neuron at two weights, the others held: nothing but its height is asked. */
class MeanLoss implements Heights {
  readonly size;
  /** What the others add to the penalty. */
  private readonly held: number;
  private readonly signed: Float64Array;
  private readonly logits: Float64Array;

  constructor(
    private readonly total: Total,
    { x, y }: Points,
    rest: number[],
    private readonly config: Config,
  ) {
    const { terms } = config;
    this.size = 2 + rest.length;
    this.held = terms.reduce((sum, _, i) => sum + (rest[i] ?? 0) ** 2, 0);
    this.logits = new Float64Array(y.length);
    this.signed = Float64Array.from(y.flatMap((label, i) => {
      const side = label > 0.5 ? -1 : 1;
      const [u = 0, v = 0, ...others] = inputsAt(x[2 * i] ?? 0, x[2 * i + 1] ?? 0, terms);
      return [side * u, side * v, side * rest.reduce((sum, weight, j) => sum + weight * (others[j] ?? 1), 0)];
    }));
  }

  value(theta: Float64Array): number {
    const { signed, logits } = this;
    const [u, v] = [theta[0] as number, theta[1] as number];
    for (let i = 0, k = 0; i < logits.length; i++, k += 3)
      logits[i] = u * (signed[k] as number) + v * (signed[k + 1] as number) + (signed[k + 2] as number);
    return this.total(logits, logits.length) / logits.length + (this.config.l2 / 2) * (u * u + v * v + this.held);
  }
}

/** The loss at a place of the map, between its four knots; nothing outside. */
export function lossAt({ size, window, values }: Grid, u: number, v: number): number | undefined {
  const [left, right, bottom, top] = window;
  const [x, y] = [((u - left) / (right - left)) * (size - 1), ((v - bottom) / (top - bottom)) * (size - 1)];
  if (!(x >= 0 && y >= 0 && x <= size - 1 && y <= size - 1)) return undefined;
  const [column, row] = [Math.min(size - 2, Math.floor(x)), Math.min(size - 2, Math.floor(y))];
  const [a, b] = [x - column, y - row];
  const knot = (down: number, across: number): number => values[(row + down) * size + column + across] ?? 0;
  return (1 - b) * ((1 - a) * knot(0, 0) + a * knot(0, 1)) + b * ((1 - a) * knot(1, 0) + a * knot(1, 1));
}

/** How high a loss stands for the eye, 0 to 1: a logarithm, so that the valley floor has color too. */
export function shade(grid: Grid, value: number): number {
  const unit = (grid.high - grid.low) / (grid.depth ?? 60) || 1;
  return Math.log1p(Math.max(0, value - grid.low) / unit) / Math.log1p((grid.high - grid.low) / unit || 1);
}
