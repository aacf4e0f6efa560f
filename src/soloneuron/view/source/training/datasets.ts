/** The data sets that a seed makes, in the plane: the rows of `data/synthetic` and `data/assignment`. */

import { MEASURED, TENTHS } from "../generated/measured";
import { generatorFor, type Twister } from "./random";
import type { Rows } from "./types";

export interface Making {
  readonly rows?: number;
  readonly seed?: number;
  /** The deviation of what is added to shapes; each has its own. */
  readonly noise?: number;
}

const ROWS = 300;
const OVERLAPPING = 2;
const TOUCHING = 1.24 * 2 * Math.sqrt(2);
const OUTLIER_SHARE = 1 / 20;
const RARE_SHARE = 1 / 50;

/** Every data set by its name in the catalogue. */
export const DATASETS: Readonly<Record<string, (making?: Making) => Rows>> = {
  clouds: (making) => clouds(TOUCHING, making),
  separable,
  stretched,
  standardized,
  outliers,
  rare,
  xor,
  assignment: () => rowsOf([1, 2, 2, 1, -1, -2, 0.5, 0.5, 0, 1], [1, 0, 0, 0, 1]),
  ...Object.fromEntries(Object.keys(MEASURED).map((name) => [name, () => measured(name)])),
  blobs: (making) => clouds(OVERLAPPING, making),
  moons,
  circles,
};

/** The rows of a real data set; x1 is kept as what each row adds to the one before it. */
function measured(name: string): Rows {
  const [zeros = 0, ...words] = MEASURED[name] ?? [];
  const [[first = 0, other = 0] = [], steps = [], second = []] = words.map((word) => word.split(" ").map(Number));
  let sum = 0;
  const x = steps.flatMap((step, i) => {
    sum = i === zeros ? step : sum + step;
    return [(sum - first) / TENTHS, ((second[i] ?? 0) - other) / TENTHS];
  });
  return rowsOf(x, steps.map((_, i) => Number(i >= zeros)));
}

/** Stream of a seed for `addNoise`; rows and orders are drawn from others. */
const NOISE_STREAM = -1;

/** The same rows with normal noise on every feature, of so many of its standard deviations. */
export function addNoise(rows: Rows, noise: number, seed: number): Rows {
  const { count, width, x } = rows;
  const drawn = noise === 0 ? x : generatorFor(seed, NOISE_STREAM).normals(x.length);
  const sizes = Array.from({ length: noise === 0 ? 0 : width }, (_, column) => {
    const values = x.filter((_, k) => k % width === column);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    return noise * Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  });
  return noise === 0 ? rows : { ...rows, x: x.map((value, k) => value + (sizes[k % width] as number) * (drawn[k] as number)) };
}

/** Which rows are held back, by a label each: of each class so large a share by chance, as Python's `hold_out` has it. */
export function heldRows(y: Float64Array, share: number, seed: number): Uint8Array {
  const generator = generatorFor(seed);
  const held = new Uint8Array(y.length);
  for (const label of [0, 1]) {
    const rows = [...y.keys()].filter((row) => y[row] === label);
    const order = generator.permutation(rows.length).subarray(0, roundedToEven(share * rows.length));
    for (const place of order) held[rows[place] as number] = 1;
  }
  return held;
}

/** Whether a row of `outliers` has a wrong label and lies far away. */
export function outlierRows(rows: number): Uint8Array {
  const found = new Uint8Array(rows);
  for (const i of spread(rows, OUTLIER_SHARE)) found[i] = 1;
  return found;
}

/** Two round clouds of deviation 1 whose centers are so far apart along the diagonal. */
function clouds(distance: number, { rows = ROWS, seed = 0 }: Making = {}): Rows {
  const y = labels(rows);
  const center = distance / (2 * Math.sqrt(2));
  return moved(generatorFor(seed).normals(2 * rows), y, (x, i) => x + center * side(y, i));
}

function separable({ rows = ROWS, seed = 0 }: Making = {}): Rows {
  const y = labels(rows);
  const noise = generatorFor(seed).normals(2 * rows);
  return moved(noise, y, (x, i) => 0.5 * Math.min(Math.max(x, -2), 2) + side(y, i) * 1.5);
}

function stretched(making: Making = {}): Rows {
  const { x, y } = clouds(TOUCHING, making);
  return moved(x, y, (value, _, column) => (column ? value * 10 : value));
}

/** The rows of `stretched` with every feature at mean 0 and deviation 1. */
function standardized(making: Making = {}): Rows {
  const { x, y, count } = stretched(making);
  const means = [0, 1].map((column) => mean(count, (i) => x[2 * i + column] as number));
  const deviations = means.map((middle, column) =>
    Math.sqrt(mean(count, (i) => ((x[2 * i + column] as number) - middle) ** 2)),
  );
  return moved(x, y, (value, _, column) => (value - (means[column] as number)) / (deviations[column] as number));
}

function outliers(making: Making = {}): Rows {
  const { x, y, count } = clouds(TOUCHING, making);
  const wrong = outlierRows(count);
  const far = [8, 4] as const;
  return moved(x, y, (value, i, column) =>
    wrong[i] ? (far[column] as number) * -side(y, i) + 0.5 * value : value,
  );
}

/** A second feature that is 0 but in 2 rows of 100, and there points to the class 5 times out of 6. */
function rare({ rows = ROWS, seed = 0 }: Making = {}): Rows {
  const y = labels(rows);
  const made = moved(generatorFor(seed).normals(2 * rows), y, (x, i, column) => (column ? 0 : x + 0.5 * side(y, i)));
  const present = spread(rows, RARE_SHARE);
  for (const i of present) made.x.set([0, 0.5 * side(y, i)], 2 * i);
  const last = present.at(-1) as number;
  made.x[2 * last + 1] = -(made.x[2 * last + 1] as number);
  return made;
}

function xor({ rows = ROWS, seed = 0, noise = 0.5 }: Making = {}): Rows {
  const corners = [1, 1, -1, -1, 1, -1, -1, 1];
  const y = Float64Array.from({ length: rows }, (_, i) => (i % 4 < 2 ? 1 : 0));
  return moved(generatorFor(seed).normals(2 * rows), y, (x, i, column) => {
    return noise * x + 1.5 * (corners[2 * (i % 4) + column] as number);
  });
}

/** Two half circles that reach into each other. */
function moons({ rows = ROWS, seed = 0, noise = 0.15 }: Making = {}): Rows {
  const generator = generatorFor(seed);
  const y = labels(rows);
  const place = onCircle(generator, rows, Math.PI);
  const center = [1, 0.5] as const;
  return shaken(place, y, generator, noise, (x, i, column) => (y[i] ? (center[column] as number) - x : x));
}

/** A ring around a disk. */
function circles({ rows = ROWS, seed = 0, noise = 0.1 }: Making = {}): Rows {
  const generator = generatorFor(seed);
  const y = labels(rows);
  // The library chooses between two radii in 32 bits.
  const inner = Math.fround(0.4);
  return shaken(onCircle(generator, rows, 2 * Math.PI), y, generator, noise, (x, i) => (y[i] ? inner * x : x));
}

/** Points of the circle at angles by chance up to so large a one. */
function onCircle(generator: Twister, rows: number, most: number): Float64Array {
  const angles = generator.uniforms(rows).map((share) => most * share);
  return Float64Array.from({ length: 2 * rows }, (_, k) => {
    const angle = angles[k >> 1] as number;
    return k % 2 ? Math.sin(angle) : Math.cos(angle);
  });
}

type Change = (value: number, row: number, column: number) => number;

function shaken(x: Float64Array, y: Float64Array, generator: Twister, noise: number, change: Change): Rows {
  const around = generator.normals(x.length);
  return moved(x, y, (value, i, column) => change(value, i, column) + noise * (around[2 * i + column] as number));
}

function moved(x: Float64Array, y: Float64Array, change: Change): Rows {
  return rowsOf(x.map((value, k) => change(value, k >> 1, k % 2)), y);
}

function rowsOf(x: ArrayLike<number>, y: ArrayLike<number>): Rows {
  return { count: y.length, width: 2, x: Float64Array.from(x), y: Float64Array.from(y) };
}

/** The classes 0 and 1 in turn. */
function labels(rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => i % 2);
}

function side(y: Float64Array, i: number): number {
  return 2 * (y[i] as number) - 1;
}

function mean(count: number, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += of(i);
  return sum / count;
}

/** The places of a share of the rows, evenly spread, of both classes in turn; at least one. */
function spread(rows: number, share: number): Int32Array {
  const length = Math.max(1, roundedToEven(share * rows));
  // An even distance stays in one class, so that the added 0 or 1 is the class.
  const apart = Math.floor(Math.floor(rows / length) / 2) * 2;
  return Int32Array.from({ length }, (_, i) => i * apart + (i % 2));
}

function roundedToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 ? below + 1 : below;
}
