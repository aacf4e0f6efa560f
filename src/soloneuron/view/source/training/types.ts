/** What generated mathematics and the page's own loop agree on. */

/** Rows of data: `x` row by row, `width` numbers each; `y` is 0 or 1. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The loss of one row at the logit z, and its first two derivatives in z. */
export interface Loss {
  value(z: number, y: number): number;
  slope(z: number, y: number): number;
  bend(z: number, y: number): number;
}

export interface Surface {
  value(x: number, y: number): number;
  gradient(x: number, y: number): readonly [number, number];
}

export type Settings = Readonly<Record<string, number | string | boolean | null>>;

/** A rule's memory over one run: where it wants the gradient, and its update of theta in place. */
export interface Stepper {
  readonly slots: Readonly<Record<string, Float64Array>>;
  /** The point whose gradient update t (from 1) takes; theta itself for most. */
  point(theta: Float64Array, t: number, rate: number): Float64Array;
  step(theta: Float64Array, gradient: Float64Array, t: number, rate: number): void;
}

/** An optimizer, translated from its paper lines. */
export interface Rule {
  readonly defaults: Settings;
  /** Begin at theta; `bias`: whether the last coordinate is a part of its own. */
  make(theta: Float64Array, rate: number, settings: Settings, bias: boolean): Stepper;
}

/** A line of a rule at one step: its letter, the formula, the formula with numbers for each coordinate, and what it comes to. */
export interface FormulaLine {
  readonly name: string;
  readonly formula: string;
  readonly filled: readonly string[];
  readonly value: readonly number[];
}

/** What is minimized: whole sums over rows or a surface. `rows` are places in the data, all of them if not given. */
export interface Objective {
  readonly size: number;
  value(theta: Float64Array): number;
  gradient(theta: Float64Array, out: Float64Array, rows?: Int32Array, from?: number, to?: number): void;
}
