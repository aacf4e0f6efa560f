/** Pages and files to keep: a replay that plays from disk, and run files that Python reads. */

import type { Config, Judgement } from "../protocol";
import type { Rows } from "../training/types";
import type { Language } from "../words";

/** One runner's steps 0 .. steps-1 up to the present one, or to its last finite one. */
export interface RecordedRun {
  loss: string;
  optimizer: string;
  rate: number;
  /** How many steps are held, the start included. */
  steps: number;
  width: number;
  /** Step by step, `width` numbers each. */
  theta: Float64Array;
  value: Float64Array;
  gradientNorm: Float64Array;
  accuracy: Float64Array;
  lost: boolean;
  outcome: Judgement;
  /** All rows an update, whatever the batch of the others. */
  fullBatch: boolean;
  /** Gradients asked for by each step, or nothing where it is one a step. */
  evaluations?: Int32Array;
}

export interface RecordedRace {
  config: Config;
  rows: Rows;
  featureNames: readonly string[];
  dataName: string;
  runs: RecordedRun[];
  language: Language;
}

/** Style and script of the replay's page. */
export interface ReplayParts {
  style: string;
  script: string;
}

/** One HTML page that plays the race from disk. */
export function replayPage(race: RecordedRace, parts: ReplayParts): Promise<string> {
  throw new Error(`not yet: ${race.dataName} ${parts.style}`);
}

/** One JSON file that `soloneuron report FILE`, `replay` and `load_run` read: a run, or all runs of the race. */
export function runFile(race: RecordedRace): string {
  throw new Error(`not yet: ${race.dataName}`);
}

/** The command that makes the report of that file. */
export function reportCommand(file: string): string {
  return `soloneuron report ${file}`;
}
