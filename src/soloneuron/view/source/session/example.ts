/** The drawer's data: the graph of one example with both sweeps, and the rule with the numbers of one step. */

import type { UpdateDetail } from "../drawer";
import type { FormulaLine, Loss } from "../training/types";
import type { PythonCode } from "./copy";

/** One update of a runner, taken apart by whoever trains; `row` is the example's place in the batch. */
export interface UpdateSeen {
  runner: number;
  /** The update's number, from 1. */
  step: number;
  coming: boolean;
  lost: boolean;
  /** Whether the rule wants its gradient elsewhere than at theta. */
  elsewhere: boolean;
  row: number;
  /** Rows of the batch. */
  size: number;
  /** The example's place in the data, its features (extra ones included) and its label. */
  number: number;
  x: readonly number[];
  y: number;
  featureNames: readonly string[];
  bias: boolean;
  lossName: string;
  loss: Loss;
  theta: Float64Array;
  /** Where the gradient was taken. */
  point: Float64Array;
  after: Float64Array;
  /** Of the batch, as the rule got it, the penalty included. */
  gradient: Float64Array;
  /** What the penalty adds to it, or null without one. */
  penalty: Float64Array | null;
  lines: readonly FormulaLine[];
  code: PythonCode;
}

export function exampleDetail(seen: UpdateSeen): UpdateDetail {
  throw new Error(`not yet: ${seen.step}`);
}
