/** One example from its sum z on: forwards to its loss, and backwards. */

import { probability } from "../generated/totals";
import type { Loss } from "../training/types";

export interface Pass {
  /** What stands between z and the loss: the probability, or the margin. */
  middle: number;
  loss: number;
  /** The loss's derivative in z, the middle's derivative in z, and the loss's derivative in the middle. */
  slope: number;
  inner: number;
  behind: number;
}

/** Whether a loss looks at the margin m = (2y - 1) z, and not at a probability. */
export function isOfMargin(name: string): boolean {
  return ["hinge", "squared_hinge", "exponential"].includes(name);
}

export function passOf(name: string, { value, slope }: Loss, z: number, y: number): Pass {
  const [margin, small, derivative] = [isOfMargin(name), Math.exp(-Math.abs(z)), slope(z, y)];
  // p (1 - p), which is not 0 where p is rounded to 1.
  const inner = margin ? 2 * y - 1 : small / ((1 + small) * (1 + small));
  return { middle: margin ? inner * z : probability(z), loss: value(z, y), slope: derivative, inner, behind: derivative / inner };
}
