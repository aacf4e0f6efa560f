/**
 * What changes while a run goes on, as Python's `changes` has it: `20.batch=8` in a link holds from step 20 on.
 *
 * Who was there before goes on from where it stood, with its memory. A loss or an optimizer that takes the place
 * of one that left goes on from its theta; only a loss keeps the memory, for another rule cannot read it. All
 * others begin at the start. Which rows an update takes hangs on its number alone, through the order of the seed.
 */

import { CHANGEABLE, LIMITS } from "../generated/catalogue";
import type { Change, Changeable, Config, Point } from "../protocol";
import type { Rows } from "../training/types";
import { OWN } from "./link_words";
import { Refusal } from "./refusal";
import { part } from "./rows";

/** Words that make the rows anew; edits of the rows before are gone then. */
export const FRESH: readonly string[] = ["data", "points", "seed"];

/** Numbers of rows that are taken away first, and points that come behind what is left. */
export interface RowEdit {
  drop: number[];
  add: Point[];
}

/** A stretch of a run: from its first step (0 for the first stretch) on this config holds. */
export interface Stage {
  step: number;
  /** Without changes. */
  config: Config;
  /** What has been done to the rows of the config since they were made, one after the other. */
  edits: RowEdit[];
}

/** The stretches of a run, in order; one where nothing changes. */
export function stagesOf(config: Config): Stage[] {
  const stages: Stage[] = [{ step: 0, config: { ...config, changes: [] }, edits: [] }];
  for (const step of new Set(config.changes.map((change) => change.step))) {
    const before = stages.at(-1) as Stage;
    const words = wordsAt(config, step);
    const { drop = [], add = [], ...said } = words;
    const edits = FRESH.some((word) => word in words) ? [] : before.edits;
    const points = (said.data ?? OWN) === OWN ? {} : { points: [] };
    stages.push({
      step,
      config: { ...before.config, ...points, ...said },
      edits: drop.length + add.length > 0 ? [...edits, { drop, add }] : edits,
    });
  }
  return stages;
}

/** What holds at a step, without changes and edits of rows. */
export function configAt(config: Config, step: number): Config {
  return (stagesOf(config).findLast((stage) => stage.step <= step) as Stage).config;
}

/** Refuse words that do not go together, now or after a change. */
export function checkConfig(config: Config): void {
  for (const { config: one } of stagesOf(config)) {
    if ((one.data === OWN) !== one.points.length > 0) throw new Refusal(`playground.points.${one.data === OWN ? "none" : "data"}`);
    if (one.points.length > 0 && new Set(one.points.map(([, , label]) => label)).size < 2) throw new Refusal("playground.points.one_class");
    const count = one.loss.length * one.optimizers.length;
    if (count > LIMITS.most_runners) throw new Refusal("playground.runners", { count, most: LIMITS.most_runners });
  }
}

/** Changes by step, then in the order of `CHANGEABLE`. */
export function inOrder(changes: readonly Change[]): Change[] {
  if (changes.length > LIMITS.most_changes) throw new Refusal("playground.change.count", { count: changes.length, most: LIMITS.most_changes });
  return [...changes].sort((a, b) => a.step - b.step || CHANGEABLE.indexOf(a.word) - CHANGEABLE.indexOf(b.word));
}

/**
 * The config with something else from a step on; what was to change later is forgotten, and what changes to what
 * holds already is not written. Numbers in `drop` are those of the rows at the step, of which there are `rows`.
 * Throws a Refusal.
 */
export function changedAt(config: Config, step: number, changes: Partial<Changeable>, rows: number): Config {
  const kept = config.changes.filter((change) => change.step < step);
  const before = configAt({ ...config, changes: kept }, step);
  const earlier = wordsAt(config, step);
  const fresh = FRESH.some((word) => word in changes);
  const said = { ...earlier, drop: [], add: [], ...changes, ...(fresh ? {} : mergedEdits(earlier, changes, rows)) };
  if ((said.data ?? OWN) !== OWN) delete said.points;
  const now = CHANGEABLE.flatMap((word): Change[] => {
    const value = said[word];
    if (value === undefined || (word in before && same(value, before[word as keyof Config]))) return [];
    return (word === "drop" || word === "add") && (value as unknown[]).length === 0 ? [] : [{ step, word, value } as Change];
  });
  const changed = { ...config, changes: inOrder([...kept, ...now]) };
  checkConfig(changed);
  return changed;
}

/** The rows after points were taken away and added; what is added is learned from. Throws a Refusal where too many are left, or one class. */
export function editedRows(rows: Rows, { drop, add }: RowEdit): Rows {
  const { width, test } = rows;
  const held = test?.count ?? 0;
  const last = drop.at(-1) ?? -1;
  const most = rows.count + held - 1;
  if (last > most) throw new Refusal("playground.points.drop", { row: last, most });
  const gone = new Set(drop);
  const left = test && part(test, (row) => !gone.has(row));
  const kept = part(rows, (row) => !gone.has(row + held));
  const count = kept.count + add.length;
  const all = count + (left?.count ?? 0);
  if (all > LIMITS.most_points) throw new Refusal("playground.points.count", { count: all, most: LIMITS.most_points });
  const labels = Float64Array.from([...kept.y, ...add.map(([, , label]) => label)]);
  if (new Set(labels).size < 2) throw new Refusal("playground.points.left");
  const x = Float64Array.from([...kept.x, ...add.flatMap(([x1, x2]) => [x1, x2])]);
  return { count, width, x, y: labels, test: left && left.count > 0 ? left : undefined };
}

/** Whose place a runner takes, and whether it keeps the memory (slots and the rule's own count of steps), too. */
export interface Heir {
  runner: number;
  memory: boolean;
}

/** For every runner after a change (losses outside, optimizers inside) whose place it takes; null: it begins at the start. */
export function heirsOf(before: Config, after: Config): (Heir | null)[] {
  const [names, namesAfter] = [before, after].map(({ optimizers }) => optimizers.map(([name]) => name)) as [string[], string[]];
  const rules = namesAfter.map((_, place) => placeOf(names, namesAfter, place));
  const sides = after.loss.map((_, place) => placeOf(before.loss, after.loss, place));
  return sides.flatMap((side) =>
    rules.map((rule, place) =>
      side === null || rule === null ? null : { runner: side * names.length + rule, memory: names[rule] === namesAfter[place] },
    ),
  );
}

/** Where a name stood, or the name that left the same place; null where it is new. */
function placeOf(before: readonly string[], after: readonly string[], place: number): number | null {
  const [name = "", left] = [after[place], before[place]];
  if (before.includes(name)) return before.indexOf(name);
  return left !== undefined && !after.includes(left) ? place : null;
}

function wordsAt(config: Config, step: number): Partial<Changeable> {
  return Object.fromEntries(config.changes.filter((change) => change.step === step).map(({ word, value }) => [word, value]));
}

/** Edits of the rows on top of others at the same step, as one edit of the rows before both. */
function mergedEdits(first: Partial<Changeable>, then: Partial<Changeable>, rows: number): Partial<Changeable> {
  const { drop = [], add = [] } = first;
  const kept = rows - add.length;
  const before = Array.from({ length: kept + drop.length }, (_, row) => row).filter((row) => !drop.includes(row));
  const gone = then.drop ?? [];
  const older = gone.flatMap((row) => before[row] ?? []);
  return {
    drop: [...drop, ...older].sort((a, b) => a - b),
    add: [...add.filter((_, place) => !gone.includes(kept + place)), ...(then.add ?? [])],
  };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
