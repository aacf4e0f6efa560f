/** The exact landscape over two of theta, coarse first: what can be painted at once becomes finer knot by knot. */

import type { Window } from "./types";

/** What has a height over its first two numbers. */
export interface Heights {
  readonly size: number;
  value(theta: Float64Array): number;
}

/** Knots of the first pass are so far apart, of each further one half as far. */
const COARSE = 8;

export class Landscape {
  /** Row by row from the bottom; knots that are not known yet have the value of a known one beside them. */
  readonly values: Float64Array;
  low = Infinity;
  high = -Infinity;
  private stride = COARSE;
  private place = 0;
  private readonly theta: Float64Array;

  /** `rest`: what theta is held at but for its first two. */
  constructor(
    private readonly objective: Heights,
    readonly window: Window,
    readonly size: number,
    readonly rest: readonly number[] = [],
  ) {
    this.values = new Float64Array(size * size);
    this.theta = new Float64Array(objective.size);
    this.theta.set(rest.slice(0, objective.size - 2), 2);
  }

  get done(): boolean {
    return this.stride < 1;
  }

  /** Work out so many more knots; by default all that are left. */
  fill(knots = Infinity): void {
    for (let left = knots; left > 0 && !this.done; ) if (this.next()) left--;
  }

  /** The next knot of this pass; whether it was a new one. */
  private next(): boolean {
    const { size, stride, place } = this;
    const across = Math.ceil(size / stride);
    const row = Math.floor(place / across) * stride;
    const column = (place % across) * stride;
    const known = stride < COARSE && row % (2 * stride) === 0 && column % (2 * stride) === 0;
    if (!known) this.spread(row, column, this.at(row, column));
    if (++this.place === across * across) {
      this.place = 0;
      this.stride = stride / 2;
    }
    return !known;
  }

  private at(row: number, column: number): number {
    const [left, right, bottom, top] = this.window;
    this.theta[0] = left + ((right - left) * column) / (this.size - 1);
    this.theta[1] = bottom + ((top - bottom) * row) / (this.size - 1);
    return this.objective.value(this.theta);
  }

  /** A value for the square that has its knot in a corner. */
  private spread(row: number, column: number, value: number): void {
    const { size, stride, values } = this;
    this.low = Math.min(this.low, value);
    this.high = Math.max(this.high, value);
    const end = Math.min(column + stride, size);
    for (let r = row; r < Math.min(row + stride, size); r++) values.fill(value, r * size + column, r * size + end);
  }
}
