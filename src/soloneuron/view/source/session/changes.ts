/** What changes while a run goes on: `20.batch=8` in a link says that from step 20 on a batch has 8 rows. */

import type { Config } from "../protocol";
import type { Rows } from "../training/types";

/** The words of a link that can change while it runs; any other word begins a new run. */
export const CHANGEABLE = ["data", "points", "loss", "optimizers", "batch", "l2", "seed"] as const;

/** Points that are added to the rows, and numbers of rows that are taken away, from a step on. */
export interface RowEdits {
  add: [number, number, number][];
  drop: number[];
}

/** A stretch of a run: from its first step (0 for the first stretch) on this config holds. */
export interface Stage {
  step: number;
  /** Without changes. */
  config: Config;
  /** Applied to the rows of the stage before, or to the new data set where `fresh`. */
  edits: RowEdits;
  /** Whether the rows are those of the config's data set, made anew, before the edits. */
  fresh: boolean;
}

/** The stretches of a run, in order; one where nothing changes. */
export function stagesOf(config: Config): Stage[] {
  throw new Error(`not yet: ${config.data}`);
}

/** The config with something else from a step on; what was to change later is forgotten. */
export function changedAt(config: Config, step: number, changes: Partial<Config> & Partial<RowEdits>): Config {
  throw new Error(`not yet: ${config.data} ${step} ${Object.keys(changes)}`);
}

/** The rows of a stage. Throws a Refusal where too many are left, or one class. */
export function editedRows(rows: Rows, edits: RowEdits): Rows {
  throw new Error(`not yet: ${rows.count} ${edits.drop}`);
}

/** What a runner goes on from: theta of a runner before, perhaps with its memory; or nothing, then it begins at the start. */
export interface Heir {
  from: number;
  /** Slots and the rule's own count of steps go on, too. */
  memory: boolean;
}

/** For every runner of the config after (losses outside, optimizers inside), whose place it takes. */
export function heirsOf(before: Config, after: Config): (Heir | null)[] {
  throw new Error(`not yet: ${before.data} ${after.data}`);
}
