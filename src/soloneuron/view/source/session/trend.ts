/** What the losses of a run did in the end: fall, rise, go up and down, or stand still (as `training/trends.py`). */

/** Values, the start and the end among them, of which a cycle can be told. */
const FEWEST_VALUES = 5;
/** Shares of a loss by which another must be above it to have risen: of runs without and with dice. */
const [HIGHER, NOISE] = [1e-3, 5e-2];
/** Shares of the loss that a cycle spans at least: where rules may swing, and where every value must fall. */
const [SWING, TREMOR] = [1e-3, 1e-5];

export interface Trend {
  readonly start: number;
  readonly end: number;
  /** The end is above the start. */
  readonly risen: boolean;
  /** Risen, in the last tenth too, without a step down. */
  readonly rising: boolean;
  /** Up and down without getting lower. */
  readonly cycling: boolean;
  /** By how much the mean of the last quarter lies below that of the quarter before. */
  readonly fall: number;
  /** The largest difference between two values of the last half. */
  readonly spread: number;
}

/**
 * Look at the losses of a run, from its start to its end.
 * `noisy`: losses go up and down anyway, by dice or beside kinks; `monotone`: a rate that is not too large would
 * make every value lower than the one before.
 */
export function trendOf(path: Float64Array, noisy: boolean, monotone: boolean): Trend {
  const count = path.length;
  const [start, end] = [path[0] ?? 0, path[count - 1] ?? 0];
  const least = noisy ? NOISE : HIGHER;
  const risen = end - start > least * Math.abs(start);
  const last = path.subarray(-Math.max(FEWEST_VALUES, Math.floor(count / 10)));
  const up = rises(last) && end - (last[0] ?? 0) > least * Math.abs(start);
  const half = Math.max(1, Math.floor(count / (count >= FEWEST_VALUES ? 4 : 2)));
  const [before, after] = halves(path, half);
  const both = path.subarray(Math.max(0, count - 2 * half));
  const fall = before.length > 0 ? mean(before) - mean(after) : 0;
  const spread = span(both);
  let cycling = false;
  if (count >= FEWEST_VALUES && noisy) {
    cycling = mean(after) > start + least * Math.abs(start) && fall <= spread / 4;
  } else if (count >= FEWEST_VALUES) {
    // A cycle may begin late; in a short window it must not die down at all.
    cycling = cycles(path, half, 0.5) || cycles(path, Math.max(2, Math.floor(count / 20)), 0.9);
    cycling ||= monotone && fall <= spread / 4 && bounces(both);
  }
  return { start, end, risen, rising: risen && up, cycling, fall, spread };
}

/** Whether the last part goes up and down no lower than the part before, and keeps a share of its swing. */
function cycles(path: Float64Array, part: number, keeps: number): boolean {
  const [before, last] = halves(path, part);
  const swing = span(last);
  if (swing < keeps * span(before)) return false;
  const lower = least(last) < least(before) - swing / 10 || mean(last) < mean(before) - swing / 10;
  return !lower && swinging(path.subarray(-2 * part), swing, SWING);
}

/** Whether a path goes up for a quarter as much as it goes down, in its last half too. */
function bounces(path: Float64Array): boolean {
  return climbs(path) && climbs(path.subarray(path.length / 2 - 1)) && swinging(path, span(path), TREMOR);
}

function climbs(path: Float64Array): boolean {
  let [ups, downs] = [0, 0];
  for (let i = 1; i < path.length; i++) {
    const step = (path[i] as number) - (path[i - 1] as number);
    if (step > 0) ups += step;
    else downs -= step;
  }
  return ups >= downs / 4;
}

/** Whether a path turns twice at least, and its swing is no trifle. */
function swinging(path: Float64Array, swing: number, share: number): boolean {
  let [turns, before, sum, most] = [0, 0, Math.abs(path[0] ?? 0), Math.abs(path[0] ?? 0)];
  for (let i = 1; i < path.length; i++) {
    const value = path[i] as number;
    const step = value - (path[i - 1] as number);
    if (step * before < 0) turns += 1;
    before = step;
    sum += Math.abs(value);
    most = Math.max(most, Math.abs(value));
  }
  return turns >= 2 && swing > share * Math.max(sum / path.length, most / 10);
}

/** The last so many values, and as many before them. */
function halves(path: Float64Array, part: number): [Float64Array, Float64Array] {
  const end = path.length;
  return [path.subarray(Math.max(0, end - 2 * part), Math.max(0, end - part)), path.subarray(Math.max(0, end - part))];
}

/** Whether no value lies below the one before it. */
function rises(path: Float64Array): boolean {
  for (let i = 1; i < path.length; i++) if ((path[i] as number) < (path[i - 1] as number)) return false;
  return true;
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

function least(values: Float64Array): number {
  let found = Infinity;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) < found) found = values[i] as number;
  return found;
}

function span(values: Float64Array): number {
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > greatest) greatest = values[i] as number;
  return greatest - least(values);
}
