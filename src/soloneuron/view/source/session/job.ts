/** One training of the page: a neuron and its rows, or a surface, and who trains it. */

import type { Neuron } from "../training/neuron";
import type { Surface } from "../training/types";
import type { Plan } from "../training/walk";

export interface Job {
  readonly loss: string;
  readonly optimizer: string;
  readonly rate: number;
  /** Of no rows, where a surface is gone down. */
  readonly neuron: Neuron;
  readonly surface: Surface | undefined;
  /** The same neuron on the rows that are held back. */
  readonly held: Neuron | undefined;
  readonly plan: Plan;
  /** Plain descent at a constant rate: what the limits speak of. */
  readonly plain: boolean;
  /** A method that searches along a line. */
  readonly searches: boolean;
}

/** Updates an epoch. */
export function updates({ plan: { batch }, neuron: { count } }: Job): number {
  return batch === null ? 1 : Math.ceil(count / batch);
}
