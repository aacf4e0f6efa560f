/** The lowest point of an objective, by Newton's method from zero weights. */

import { backtracked, newtonDirection } from "./newton";
import type { Objective } from "./types";

export interface Minimum {
  readonly lowest: number;
  readonly theta: Float64Array;
}

/** Newton's steps at most; rows that a line parts let them go on for ever. */
const STEPS = 200;

/** A kink is rounded off by so little at last, and by a fifth of that before each time. */
const NARROWEST = 1e-12;
const NARROWER = 0.2;

/** The lowest value found from zero weights, and where; zero weights themselves if the search fails. */
export function lowestOf(objective: Objective): Minimum {
  let theta: Float64Array = new Float64Array(objective.size);
  if (objective.smooth) theta = descended(objective, theta);
  else for (let width = 1; width >= NARROWEST; width *= NARROWER) theta = descended(objective.rounded(width), theta);
  const lowest = objective.value(theta);
  if (Number.isFinite(lowest)) return { lowest, theta };
  const zero = new Float64Array(objective.size);
  return { lowest: objective.value(zero), theta: zero };
}

function descended(objective: Objective, start: Float64Array): Float64Array {
  let theta = start;
  const gradient = new Float64Array(objective.size);
  for (let step = 0; step < STEPS; step++) {
    const here = objective.both(theta, gradient);
    const next =
      moved(objective, theta, here, gradient, objective.hessian(theta)) ??
      moved(objective, theta, here, gradient, objective.convexHessian(theta));
    if (next === undefined || next.every((value, i) => value === theta[i])) break;
    theta = next;
  }
  return theta;
}

/** Where Newton's step leads; undefined where the matrix does not bend upwards. */
function moved(
  objective: Objective,
  theta: Float64Array,
  here: number,
  gradient: Float64Array,
  hessian: Float64Array,
): Float64Array | undefined {
  const r = newtonDirection(hessian, gradient);
  if (r === undefined) return undefined;
  const slope = -gradient.reduce((sum, g, i) => sum + g * (r[i] as number), 0);
  const at = (step: number): Float64Array => theta.map((value, i) => value - step * (r[i] as number));
  const step = backtracked((length) => objective.value(at(length)), here, slope);
  return step === undefined ? undefined : at(step);
}
