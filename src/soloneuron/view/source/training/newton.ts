/** Newton's method: its direction, and how far to go along it, as `formulas/newton` has them. */

import { RIDGE } from "./curvature";

const DECREASE = 1e-4;
const SMALLEST_STEP = 2 ** -60;
const LOST = Number.EPSILON ** (2 / 3);
const TINY = 1e-300;

/** The step H^-1 g that theta moves against; undefined where H is not positive semidefinite. */
export function newtonDirection(hessian: Float64Array, gradient: Float64Array): Float64Array | undefined {
  const k = gradient.length;
  const root = gradient.map((_, i) => 1 / Math.sqrt(Math.max(Math.abs(hessian[i * (k + 1)] as number), TINY)));
  const scaled = hessian.map((h, place) => {
    const [i, j] = [Math.floor(place / k), place % k];
    return h * ((root[i] as number) * (root[j] as number)) + (i === j ? RIDGE : 0);
  });
  const solved = solvedByCholesky(scaled, gradient.map((g, i) => g * (root[i] as number)));
  return solved?.map((value, i) => value * (root[i] as number));
}

/**
 * How far to go along a direction: Armijo's condition, the step halved until it holds. Where the decrease foretold is
 * lost in rounding, the step is taken unless the value rises by more than that. 0 where none goes down; undefined
 * where the direction means nothing.
 */
export function backtracked(
  value: (step: number) => number,
  here: number,
  slope: number,
  first = 1,
): number | undefined {
  if (!Number.isFinite(slope)) return undefined;
  const lost = Math.abs(here) * LOST;
  let step = first;
  let trial = value(step);
  // Not "rises": a value that is no number has not fallen either.
  while (!(trial > -Infinity && trial <= here + DECREASE * step * slope)) {
    if (!(-step * slope > lost) || step < SMALLEST_STEP) return trial > -Infinity && trial <= here + lost ? step : 0;
    step /= 2;
    trial = value(step);
  }
  return step;
}

/** The solution of A x = b by Cholesky's factor; undefined where A has none. */
function solvedByCholesky(A: Float64Array, b: Float64Array): Float64Array | undefined {
  const k = b.length;
  const L = A.slice();
  const x = b.slice();
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = L[i * k + j] as number;
      for (let m = 0; m < j; m++) sum -= (L[i * k + m] as number) * (L[j * k + m] as number);
      if (i === j && !(sum > 0)) return undefined;
      L[i * k + j] = i === j ? Math.sqrt(sum) : sum / (L[j * k + j] as number);
    }
  }
  for (let i = 0; i < k; i++) {
    for (let m = 0; m < i; m++) x[i] = (x[i] as number) - (L[i * k + m] as number) * (x[m] as number);
    x[i] = (x[i] as number) / (L[i * k + i] as number);
  }
  for (let i = k - 1; i >= 0; i--) {
    for (let m = i + 1; m < k; m++) x[i] = (x[i] as number) - (L[m * k + i] as number) * (x[m] as number);
    x[i] = (x[i] as number) / (L[i * k + i] as number);
  }
  return x;
}
