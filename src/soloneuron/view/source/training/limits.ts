/** How large a learning rate may be, as `training/limits` has it. */

import { curvaturesOf, largestCurvature, rateLimit } from "./curvature";
import type { Neuron } from "./neuron";

/** Null where nothing is known, or nothing bends. */
export interface RateLimits {
  /** 2 / L: below it no step of plain descent climbs, wherever it stands. */
  readonly guaranteed: number | null;
  /** 2 / the sharpness where the run stands. */
  readonly local: number | null;
  readonly full_batch: boolean;
}

/** A local limit that is so many times the guaranteed one explains nothing: next to nothing bends there. */
const STRAIGHT = 1e4;

/** An eigenvalue so small beside the largest size is rounding. */
const NEGLIGIBLE = 1e-13;

/** The largest curvature of the full batch at theta: what 2 / rate is compared with. */
export function sharpness(neuron: Neuron, theta: Float64Array): number {
  const H = neuron.hessian(theta);
  if (!H.every(Number.isFinite)) return NaN;
  const { values } = curvaturesOf(H);
  const largest = values.at(-1) ?? 0;
  const size = Math.max(Math.abs(values[0] ?? 0), Math.abs(largest));
  return Math.abs(largest) > NEGLIGIBLE * size ? largest : 0;
}

/** 2 / (max |bend| times the largest second moment of the rows + l2); null where nothing bounds the bend. */
export function guaranteedLimit(neuron: Neuron): number | null {
  const { curvature } = neuron.loss;
  if (curvature === Infinity) return null;
  const limit = 2 / (curvature * Math.max(0, largestCurvature(neuron.moments())) + neuron.settings.l2);
  return limit < Infinity ? Math.max(limit, Number.MIN_VALUE) : null;
}

export function rateLimits(neuron: Neuron, theta: Float64Array, fullBatch: boolean): RateLimits {
  const guaranteed = guaranteedLimit(neuron);
  const local = rateLimit(sharpness(neuron, theta));
  const straight = guaranteed !== null && local !== null && local > STRAIGHT * guaranteed;
  return { guaranteed, local: straight ? null : local, full_batch: fullBatch };
}
