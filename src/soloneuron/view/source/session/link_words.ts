/** The words of a link: how each is read and written, as Python's `link_words` has them. */

import { LIMITS, LOSS_SETTINGS, MENUS, OPTIMIZERS, SURFACE_RATES } from "../generated/catalogue";
import type { Changeable, Config, Entry, Point } from "../protocol";
import { ALL_RULES } from "../training/searching";
import type { Settings } from "../training/types";
import type { OptimizerData } from "./data";
import { cut, placed, quoted, readChoice, readNumber, readPlace, readWhole, spelled } from "./fields";
import { Refusal } from "./refusal";

/** The words of a link, in their order. */
export type Word = Exclude<keyof Config, "changes">;

type Values = Omit<Config, "changes"> & Changeable;
type Readers = { readonly [W in keyof Values]: (text: string, surface?: string) => Values[W] };
type Writers = { readonly [W in keyof Values]: (value: Values[W]) => string };

export const OWN = "own";

export const READERS: Readers = {
  surface: (text) => (text === "" ? "" : readChoice(text, "surface", Object.keys(SURFACE_RATES))),
  data: (text) => readChoice(text, "data", MENUS.data),
  // No text says that there are none, as beside a lesson that has some.
  points: (text) => (text === "" ? [] : readPoints(text)),
  names: readNames,
  noise: (text) => readNumber(text, "noise", 0, LIMITS.most_noise),
  loss: readLosses,
  optimizers: readOptimizers,
  batch: (text) => readChoice(text, "batch", MENUS.batch),
  start: readStart,
  bias: (text) => readChoice(text, "bias", ["0", "1"]) === "1",
  terms: readTerms,
  l2: (text) => readNumber(text, "l2", 0, LIMITS.most_penalty),
  seed: (text) => readWhole(text, "seed", LIMITS.most_seed),
  test: (text) => readNumber(text, "test", 0, LIMITS.most_held),
  step: (text) => readWhole(text, "step", LIMITS.most_steps),
  lesson: (text) => (text === "" ? "" : readChoice(text, "lesson", MENUS.lessons)),
  drop: (text) => {
    const rows = text.split(",").map((word) => readWhole(word, "drop", LIMITS.most_points - 1));
    return [...new Set(rows)].sort((a, b) => a - b);
  },
  add: readPoints,
};

export const WRITERS: Writers = {
  surface: String,
  data: String,
  points: writePoints,
  names: String,
  noise: spelled,
  loss: (names) => names.join(","),
  optimizers: (entries) =>
    entries.map(([name, rate, settings = {}]) => [name, spelled(rate), ...Object.entries(settings).map(([key, x]) => `${key}=${spelled(x)}`)].join(":")).join(","),
  batch: String,
  start: (weights) => weights.map((weight) => spelled(placed(weight))).join(","),
  bias: (bias) => (bias ? "1" : "0"),
  terms: (names) => names.join(","),
  l2: spelled,
  seed: String,
  test: spelled,
  step: String,
  lesson: String,
  drop: (rows) => rows.join(","),
  add: writePoints,
};

function readLosses(text: string): string[] {
  const names = text.split(",").map((name) => readChoice(name, "loss", Object.keys(LOSS_SETTINGS)));
  const undrawn = names.find((name) => !MENUS.loss.includes(name));
  if (undrawn !== undefined) throw new Refusal("playground.undrawn", { loss: undrawn, choices: MENUS.loss.join(", ") });
  if (new Set(names).size < names.length || names.length > 2) throw new Refusal("playground.losses", { value: quoted(text, 80) });
  return names;
}

/** The rate to begin with, on rows or on a surface: three digits of it. */
export function firstRate(name: string, surface = ""): number {
  const rate = MENUS.optimizers[name] as number;
  const share = SURFACE_RATES[surface]?.[OPTIMIZERS[name]?.follows ?? 2];
  return share === undefined ? rate : Number((rate * share).toPrecision(3));
}

function readOptimizers(text: string, surface = ""): Entry[] {
  const entries = text.split(",").map((word): Entry => {
    const [head = "", rate, ...settings] = word.split(":");
    const name = readChoice(head, "optimizers", Object.keys(MENUS.optimizers));
    return entryOf(name, rate === undefined ? firstRate(name, surface) : readRate(rate), readSettings(name, settings));
  });
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw new Refusal("playground.optimizers.twice", { value: quoted(text, 80) });
  return entries;
}

/** The entry with those of its settings that are not the usual ones, in their order. */
export function entryOf(name: string, rate: number, settings: Readonly<Record<string, number>>): Entry {
  const usual: Settings = ALL_RULES[name]?.defaults ?? {};
  const kept = Object.keys(OPTIMIZERS[name]?.numbers ?? {}).flatMap((key): [string, number][] => {
    const value = settings[key] ?? usual[key];
    return value === usual[key] ? [] : [[key, value as number]];
  });
  return kept.length > 0 ? [name, rate, Object.fromEntries(kept)] : [name, rate];
}

function readSettings(name: string, said: string[]): Record<string, number> {
  const { numbers } = OPTIMIZERS[name] as OptimizerData;
  const found = new Map<string, number>();
  for (const word of said) {
    const [key = "", ...value] = word.split("=");
    const ends = Object.hasOwn(numbers, key) && numbers[key];
    if (!ends) throw new Refusal("playground.setting", { name, value: quoted(key), choices: Object.keys(numbers).join(", ") || "-" });
    if (found.has(key)) throw new Refusal("playground.twice", { word: key });
    found.set(key, readNumber(value.join("="), key, ...ends));
  }
  return Object.fromEntries(found);
}

/** A learning rate. */
export function readRate(text: string): number {
  return readNumber(text, "rate", LIMITS.least_rate, LIMITS.most_rate);
}

function readStart(text: string): [number, number] {
  const [one, two, ...more] = text.split(",");
  if (one === undefined || two === undefined || more.length > 0) throw new Refusal("playground.start", { value: quoted(text) });
  return [readPlace(one, "start"), readPlace(two, "start")];
}

/** Names of further terms, each once, in their order. */
function readTerms(text: string): string[] {
  const known = Object.keys(MENUS.terms);
  const names = text === "" ? [] : text.split(",").map((name) => readChoice(name, "terms", known));
  return known.filter((name) => names.includes(name));
}

function readPoints(text: string): Point[] {
  const rows = text.split(";").flatMap((row) => (row === "" ? [] : [row.split(",")]));
  if (rows.length === 0 || rows.length > LIMITS.most_points) throw new Refusal("playground.points.count", { count: rows.length, most: LIMITS.most_points });
  if (rows.some((row) => row.length !== 3)) throw new Refusal("playground.points.row", { value: quoted(text) });
  return rows.map(([x1 = "", x2 = "", label = ""]) => [
    readPlace(x1, "points"),
    readPlace(x2, "points"),
    Number(readChoice(label, "label", ["0", "1"])),
  ]);
}

function readNames(text: string): string[] {
  const names = text === "" ? [] : text.split(",");
  if (![0, 2].includes(names.length) || names.some((name) => name === "" || name !== featureName(name))) {
    throw new Refusal("playground.names", { value: quoted(text, 80), most: LIMITS.longest_name });
  }
  return names;
}

/** The name of a feature as a link may hold it: without commas and signs that nobody sees, and short. */
export function featureName(name: string): string {
  return cut(name.replace(/[\0-\x20\x7f-\xa0,\u2028\u2029]+/g, " ").replace(/^ | $/g, ""), LIMITS.longest_name).replace(/ $/, "");
}

function writePoints(points: Point[]): string {
  return points.map(([x1, x2, label]) => `${spelled(placed(x1))},${spelled(placed(x2))},${label}`).join(";");
}
