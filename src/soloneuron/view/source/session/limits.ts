/** How large a learning rate of plain descent may be (as `training/limits.py`). */

import { eigenOf } from "./eigen";
import type { Job } from "./job";
import { logit, parameters } from "./job";

/** A local limit that is so many times the guaranteed one explains nothing: next to nothing bends there. */
const STRAIGHT = 1e4;
/** A share of the largest eigenvalue that cannot be told from 0. */
const NEGLIGIBLE = 1e-13;

export interface RateLimits extends Record<string, number | boolean | null> {
  readonly guaranteed: number | null;
  readonly local: number | null;
  readonly full_batch: boolean;
}

/** guaranteed = 2 / L with L the largest curvature anywhere; local = 2 / the largest curvature at theta. */
export function rateLimits(job: Job, theta: ArrayLike<number>): RateLimits {
  const { curvature } = job.facts;
  const bend = largest(hessian(job, theta));
  const guaranteed = curvature === null ? null : limit(largest(moments(job)) * curvature + job.l2);
  let local = limit(bend);
  if (guaranteed !== null && local !== null && local > STRAIGHT * guaranteed) local = null;
  return { guaranteed, local, full_batch: job.batch === null };
}

/** A^T diag(s) A / n, and the penalty's part if there are slopes to weigh the rows with. */
export function hessian(job: Job, theta: ArrayLike<number>): number[][] {
  const out = weighted(job, (row) => job.cost.bend(logit(job, theta, row), job.rows.y[row] as number));
  for (let j = 0; j < job.rows.width; j++) (out[j] as number[])[j] = (out[j]?.[j] ?? 0) + job.l2;
  return out;
}

const known = new WeakMap<object, Map<boolean, number[][]>>();

/** The second moments of what theta multiplies. */
function moments(job: Job): number[][] {
  const kept = known.get(job.rows) ?? new Map<boolean, number[][]>();
  known.set(job.rows, kept);
  const found = kept.get(job.bias) ?? weighted(job, () => 1);
  kept.set(job.bias, found);
  return found;
}

function weighted(job: Job, weight: (row: number) => number): number[][] {
  const { rows } = job;
  const k = parameters(job);
  const out = Array.from({ length: k }, () => Array.from({ length: k }, () => 0));
  const a = new Float64Array(k).fill(1);
  for (let i = 0; i < rows.count; i++) {
    for (let j = 0; j < rows.width; j++) a[j] = rows.x[i * rows.width + j] as number;
    const s = weight(i) / rows.count;
    for (let p = 0; p < k; p++) for (let q = 0; q < k; q++) (out[p] as number[])[q] = (out[p]?.[q] ?? 0) + s * (a[p] as number) * (a[q] as number);
  }
  return out;
}

function largest(matrix: number[][]): number {
  if (!matrix.every((row) => row.every(Number.isFinite))) return NaN;
  const { values } = eigenOf(matrix);
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  return Math.abs(last) > NEGLIGIBLE * Math.max(Math.abs(first), Math.abs(last)) ? last : 0;
}

/** 2 / curvature, the rate beyond which plain descent climbs; null where nothing curves. */
function limit(curvature: number): number | null {
  return curvature > 0 && curvature < Infinity ? 2 / curvature : null;
}
