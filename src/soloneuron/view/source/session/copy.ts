/** A run in other words: the command that repeats it, and hand-written Python with its numbers. */

import type { Config } from "../protocol";

/** The line that repeats the run up to a step in a terminal, at step 0 too. */
export function commandText(config: Config, step: number): string {
  throw new Error(`not yet: ${config.data} ${step}`);
}

/** What a line of the code does, for whoever marks it. */
export type LinePart = "z" | "p" | "slope" | "gradient" | "rule" | "loss";

export interface PythonCode {
  text: string;
  /** Which lines (from 0) do what. */
  parts: Record<LinePart, number[]>;
}

/** A script that trains one runner up to a step with its gradient written by hand, and prints theta and the loss. */
export function pythonCode(config: Config, step: number, runner: number): PythonCode {
  throw new Error(`not yet: ${config.data} ${step} ${runner}`);
}
