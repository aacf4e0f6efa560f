/** A race as it is kept: every step of every runner. */

import type { Config, Judgement } from "../protocol";
import type { Rows, Settings } from "../training/types";
import type { Words } from "../words";

/** One runner from the first step of a race up to the present one, or to its last finite one. */
export interface RecordedRun {
  loss: string;
  optimizer: string;
  rate: number;
  /** Those of its other settings that are not the usual ones. */
  settings?: Settings;
  /** How many steps are held, the first included. */
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
}

/** A race in which nothing changes: from its start, or from the last change on. */
export interface RecordedRace {
  /** What holds in it. */
  config: Config;
  rows: Rows;
  featureNames: readonly string[];
  dataName: string;
  runs: RecordedRun[];
  /** The sentences of the language that it is kept in. */
  words: Words;
  /** The step at which it begins; 0 if nothing is said. */
  first?: number;
  /** The link of the whole run; that of the config if nothing is said. */
  link?: string;
}

/** Of a longer race so many steps are kept, evenly, with the first and the last. */
export const MOST_RECORDS = 2000;

/** What each run is called: its optimizer, and its loss where there are two. */
export function runNames({ runs, words }: RecordedRace): string[] {
  const several = new Set(runs.map(({ loss }) => loss)).size > 1;
  return runs.map(({ optimizer, loss }) => words.short(optimizer) + (several ? ` · ${loss.toUpperCase()}` : ""));
}

/** Places evenly from the first to the last of so many, all of them if they are few. */
export function keptPlaces(count: number): number[] {
  const kept = Math.min(count, MOST_RECORDS);
  return Array.from({ length: kept }, (_, i) => (kept === 1 ? 0 : Math.round((i * (count - 1)) / (kept - 1))));
}

/** The first step from which on something holds to the end of a run; null where it does not hold there. */
export function sinceWhen({ steps }: RecordedRun, first: number, holds: (place: number) => boolean): number | null {
  let place = steps;
  while (place > 0 && holds(place - 1)) place--;
  return place < steps ? first + place : null;
}
