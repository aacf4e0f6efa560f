/** The lowest point of an objective, by Newton's method from zero weights, as `playing/landscape` looks for it. */

import { ALL_RULES } from "./searching";
import type { Objective, SearchRule } from "./types";

export interface Minimum {
  readonly lowest: number;
  readonly theta: Float64Array;
}

/** Steps; rows that a line parts let them go on for ever. */
const SEARCH = 60;

/** The lowest value found, and where; zero weights themselves if the search fails. */
export function lowestOf(objective: Objective): Minimum {
  const theta = new Float64Array(objective.size);
  const searcher = (ALL_RULES["newton"] as SearchRule).begin(objective.size, 1, {});
  for (let step = 0; step < SEARCH; step++) searcher.update(theta, objective);
  const lowest = objective.value(theta);
  if (Number.isFinite(lowest)) return { lowest, theta };
  const zero = new Float64Array(objective.size);
  return { lowest: objective.value(zero), theta: zero };
}
