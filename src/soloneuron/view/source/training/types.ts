/** What generated mathematics and the page's own loop agree on. */

declare global {
  /** Whether rules know the forms that no link can ask for: the page is built without, tests are with them. */
  const VARIANTS: boolean;
}

/** Rows of data: `x` row by row, `width` numbers each; `y` is 0 or 1. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Rows that are held back from training, to test on; numbered, they come first. */
  readonly test?: Rows | undefined;
}

/** The sum of the losses of many rows, at the logits of the wrong class. */
export type Total = (logits: Float64Array, count: number) => number;

/**
 * The loss of one row at the logit z, and its first two derivatives in z. The loops over many rows take the logits
 * of the wrong class, t = (1 - 2 y) z, and give derivatives in t; `total` and `both` return the sum of values.
 */
export interface Loss {
  readonly convex: boolean;
  /** Whether the slope has no jump. */
  readonly smooth: boolean;
  /** Whether a larger margin always costs less: then rows that a line parts have no lowest point. */
  readonly strictlyDecreasing: boolean;
  /** The largest |bend| there is; Infinity without a bound. */
  readonly curvature: number;
  value(z: number, y: number): number;
  slope(z: number, y: number): number;
  bend(z: number, y: number): number;
  readonly total: Total;
  slopes(logits: Float64Array, out: Float64Array, count: number): void;
  both(logits: Float64Array, out: Float64Array, count: number): number;
  bends(logits: Float64Array, out: Float64Array, count: number): void;
  /** The loss with its kinks rounded off, above itself by `width` at most. */
  rounded?(width: number): Loss;
}

export type Window = readonly [left: number, right: number, bottom: number, top: number];

/** A surface as the library has it: what is known of it, and its formulas in lines of Python. */
export interface SurfaceFormula {
  readonly start: readonly [number, number];
  readonly window: Window;
  /** The lowest value, and where it is. */
  readonly lowest: number;
  readonly minima: readonly (readonly [number, number])[];
  /** Parts that stand more than once, each in the letters of those before. */
  readonly shared: readonly string[];
  readonly value: string;
  readonly gradient: readonly [string, string];
}

/** A surface that can be computed. */
export interface Surface extends Pick<SurfaceFormula, "start" | "window" | "lowest" | "minima"> {
  value(x: number, y: number): number;
  gradient(x: number, y: number): readonly [number, number];
  /** The second derivatives, row by row, exact to rounding. */
  hessian(x: number, y: number): Float64Array;
}

export type Settings = Readonly<Record<string, number | string | boolean | null>>;

/** A rule's memory over one run: where it wants the gradient, and its update of theta in place. */
export interface Stepper {
  readonly slots: Readonly<Record<string, Float64Array>>;
  /** The point whose gradient update t (from 1) takes; theta itself for most. */
  point(theta: Float64Array, t: number, rate: number): Float64Array;
  step(theta: Float64Array, gradient: Float64Array, t: number, rate: number): void;
}

/** The number of a letter at one coordinate. */
export type NumberOf = (letter: string) => number;

/** A line of a paper: its letter, its words with letters in braces, and what it comes to. */
export interface PaperLine {
  readonly letter: string;
  /** null where this step has no such line. */
  text(n: NumberOf): string | null;
  /** For one coordinate, unless a function of all of them is called: its name, and its arguments for one. */
  value?(n: NumberOf): number;
  readonly call?: { readonly name: string; readonly of: readonly ((n: NumberOf) => number)[] };
}

/** A formula for reading. */
export interface Paper {
  readonly defaults: Settings;
  lines(settings: Settings): readonly PaperLine[];
}

/** An optimizer, translated from its paper lines. */
export interface Rule extends Paper {
  /** Begin at theta; settings besides the defaults; `bias`: whether the last coordinate is a part of its own (AdagradNorm). */
  make(theta: Float64Array, rate: number, settings: Settings, bias: boolean): Stepper;
}

/** A line of a rule at one step: its letter, the formula, the formula with numbers for each coordinate, and what it comes to. */
export interface FormulaLine {
  readonly name: string;
  readonly formula: string;
  readonly filled: readonly string[];
  readonly value: readonly number[];
}

/** Coordinates of theta in which all columns are alike: w = inner / scale, b = the last of inner - w . mean. */
export interface Coordinates {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  readonly bias: boolean;
  /** By how much a function bends along each of them at most; null without a bound. */
  readonly bend: number | null;
}

/** What is minimized: a mean over rows or a surface. `rows` are places in the data, all of them if not given. */
export interface Objective {
  /** How many numbers theta has. */
  readonly size: number;
  /** How many rows there are; 1 without rows. */
  readonly count: number;
  /** Whether the slope has no jump. */
  readonly smooth: boolean;
  readonly coordinates: Coordinates | null;
  value(theta: Float64Array): number;
  gradient(theta: Float64Array, out: Float64Array, rows?: Int32Array, from?: number, to?: number): void;
  /** The value; the gradient is written to `out`. */
  both(theta: Float64Array, out: Float64Array): number;
  /** The share of rows on the right side where `both` was asked last; NaN without rows. */
  accuracy(): number;
  /** The second derivatives, row by row. */
  hessian(theta: Float64Array): Float64Array;
  /** The same, made positive semidefinite. */
  convexHessian(theta: Float64Array): Float64Array;
  /** The same with its kinks rounded off, above itself by `width` at most; itself where it has none. */
  rounded(width: number): Objective;
}

/** A rule that goes along a line as far as a search says, and asks its objective as often as that takes. */
export interface Searcher {
  readonly slots: Readonly<Record<string, Float64Array>>;
  /** One update of theta in place; how many gradients were asked for: a value counts as one, a Hessian as its columns. */
  update(theta: Float64Array, objective: Objective): number;
}

/** An optimizer that searches along lines. */
export interface SearchRule extends Paper {
  begin(size: number, rate: number, settings: Settings): Searcher;
}
