/** One training of the page: a neuron, its rows, and who trains it. */

import type { Loss, Rows, Rule, Settings } from "../training/types";

/** What is known of a loss beside its numbers. */
export interface LossFacts {
  readonly convex: boolean;
  readonly smooth: boolean;
  /** A larger margin always costs less, so that separable data have no finite optimum. */
  readonly unbounded: boolean;
  /** The largest second derivative; null where there is no bound. */
  readonly curvature: number | null;
}

export interface Job {
  readonly loss: string;
  readonly cost: Loss;
  readonly facts: LossFacts;
  readonly rows: Rows;
  readonly bias: boolean;
  readonly l2: number;
  readonly optimizer: string;
  readonly rule: Rule;
  readonly settings: Settings;
  readonly rate: number;
  /** Rows an update; null takes all, in their order. */
  readonly batch: number | null;
  readonly seed: number;
  /** Plain descent at a constant rate: what the limits speak of. */
  readonly plain: boolean;
  /** A method that searches along a line, with all rows. */
  readonly searches: boolean;
}

/** Weights, and the bias if there is one. */
export function parameters(job: { rows: Rows; bias: boolean }): number {
  return job.rows.width + Number(job.bias);
}

/** Updates an epoch. */
export function updates(job: Job): number {
  return job.batch === null ? 1 : Math.ceil(job.rows.count / job.batch);
}

/** The logit of a row. */
export function logit({ rows: { x, width }, bias }: Pick<Job, "rows" | "bias">, theta: ArrayLike<number>, row: number): number {
  let z = bias ? (theta[width] as number) : 0;
  for (let j = 0; j < width; j++) z += (theta[j] as number) * (x[row * width + j] as number);
  return z;
}
