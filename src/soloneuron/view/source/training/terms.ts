/** Further terms of a neuron: functions of its two features, each with a weight of its own. */

import { TERMS } from "../generated/terms";
import type { Rows } from "./types";

/** What the weights of a neuron multiply at a place of the plane. */
export function inputsAt(x1: number, x2: number, terms: readonly string[]): number[] {
  return [x1, x2, ...terms.map((name) => TERMS[name]?.(x1, x2) ?? NaN)];
}

/** Their sum: the logit. The bias stands behind the weights, and multiplies 1. */
export function logit(weights: ArrayLike<number>, inputs: ArrayLike<number>): number {
  let z = 0;
  for (let i = 0; i < weights.length; i++) z += (weights[i] as number) * (inputs[i] ?? 1);
  return z;
}

/** Rows in the plane with a column for each term. */
export function withTerms({ count, x, y, test }: Rows, terms: readonly string[]): Rows {
  const wide = Array.from({ length: count }, (_, i) => inputsAt(x[2 * i] as number, x[2 * i + 1] as number, terms));
  return { count, width: 2 + terms.length, x: Float64Array.from(wide.flat()), y, test: test && withTerms(test, terms) };
}
