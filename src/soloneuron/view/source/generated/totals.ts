/** Written by scripts/generate from the library's formulas: do not edit. */

import type { Total } from "../training/types";

/** The probability of class 1 at a logit. */
export function probability(z: number): number {
  const a0 = Math.exp(-Math.abs(z));
  return (z > 0 ? 1 : z < -709.782712893384 ? 0 : a0) / (1 + a0);
}

export function nll(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    sum += (t > 0 ? t : 0) + Math.log1p(Math.exp(-Math.abs(t)));
  }
  return sum;
}

export function mse(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    sum += a1 * a1;
  }
  return sum;
}

export function mae(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    const a0 = Math.exp(-Math.abs(t));
    sum += (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
  }
  return sum;
}

export function huber(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    sum += a1 <= 0.5 ? a1 * a1 / 2 : 0.5 * (a1 - 0.25);
  }
  return sum;
}

export function hinge(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    const a0 = 1 + t;
    sum += a0 > 0 ? a0 : 0;
  }
  return sum;
}

export function squared_hinge(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    const a0 = 1 + t;
    const a1 = a0 > 0 ? a0 : 0;
    sum += a1 * a1;
  }
  return sum;
}

export function exponential(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    sum += Math.exp(t);
  }
  return sum;
}

export function focal(logits: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const t = logits[i] as number;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    sum += a1 * a1 * ((t > 0 ? t : 0) + Math.log1p(a0));
  }
  return sum;
}

export const TOTALS: Readonly<Record<string, Total>> = { nll, mse, mae, huber, hinge, squared_hinge, exponential, focal };
