/** The trace of a formula: a rule as its paper writes it, with the numbers of one step put in. */

import { SIGNS } from "../generated/rules";
import { general } from "./general";
import { clipped, norm } from "./regular";
import type { FormulaLine, NumberOf, Paper, PaperLine, Settings } from "./types";
import { dot } from "./vectors";

type Numbers = ArrayLike<number>;

/** A step that was taken. */
export interface TracedStep {
  readonly settings: Settings;
  readonly rate: number;
  /** From 1. */
  readonly t: number;
  /** Whether the last of theta is a part of its own. */
  readonly bias: boolean;
  /** Before the step. */
  readonly theta: Numbers;
  /** At the point where the rule wanted it. */
  readonly gradient: Numbers;
  /** Before the step. */
  readonly slots: Readonly<Record<string, Numbers>>;
  /** After it: where a line was searched, or the value was asked for. */
  readonly after?: Readonly<Record<string, Numbers>>;
}

/** Papers call these settings by other letters. */
const SETTING_LETTERS = { mu: "momentum", lam: "weight_decay" } as const;

/** How a setting is written in formulas. */
export function signOf(setting: string): string {
  const [letter = setting] = Object.entries(SETTING_LETTERS).find(([, name]) => name === setting) ?? [];
  return written(letter);
}

/** The lines of a rule at a step, in the order of the formula; the last theta is where the step led. */
export function traceFormula(paper: Paper, step: TracedStep): FormulaLine[] {
  const h: Settings = { ...paper.defaults, ...step.settings };
  const known = knownBefore(h, step);
  return paper.lines(h).flatMap((line) => {
    const value = valuesOf(line, known, h, step);
    const text = line.text((letter) => numberAt(known, letter, 0));
    const filled = text === null ? [] : Array.from(step.theta, (_, i) => filledIn(line, text, (letter) => numberAt(known, letter, i)));
    known[line.letter] = value;
    if (text === null) return [];
    return [{ name: written(line.letter), formula: text.replace(LETTER, (_, letter) => written(letter)), filled, value: Array.from(step.theta, (_, i) => value[value.length > 1 ? i : 0]!) }];
  });
}

const LETTER = /\{(\w+)\}/g;

const written = (letter: string): string => SIGNS[letter] ?? letter;

function filledIn(line: PaperLine, text: string, number: (letter: string) => number): string {
  if (line.call) return text.replace(LETTER, (_, letter) => written(letter));
  return text.replace(LETTER, (_, letter) => {
    const shown = general(number(letter));
    return shown.startsWith("-") ? `(${shown})` : shown;
  });
}

function knownBefore(h: Settings, step: TracedStep): Record<string, Numbers> {
  const known: Record<string, Numbers> = {};
  const numbers = Object.entries({ ...h, rate: step.rate, t: step.t });
  for (const [name, value] of numbers) if (typeof value === "number") known[name] = [value];
  for (const [letter, name] of Object.entries(SETTING_LETTERS)) {
    const value = known[name];
    if (value) known[letter] = value;
  }
  return { ...known, ...step.slots, theta: step.theta, g: step.gradient };
}

function valuesOf(line: PaperLine, known: Record<string, Numbers>, h: Settings, step: TracedStep): Numbers {
  const { call, value } = line;
  // A line of numbers alone gives one number.
  let many = false;
  const look = (i: number) => (letter: string): number => {
    many ||= known[letter]!.length > 1;
    return numberAt(known, letter, i);
  };
  const all = (of: (n: NumberOf) => number): Numbers => Array.from(step.theta, (_, i) => of(look(i)));
  if (call) return called(call.name, CALLED_FOR_ALL.has(call.name) ? call.of.map(all) : [], h, step);
  if (!value) throw new Error(`the line of ${line.letter} has no value`);
  const first = value(look(0));
  return many ? all(value) : [first];
}

/** These look at the numbers of their arguments; others have seen a whole function. */
const CALLED_FOR_ALL = new Set(["clip", "norm", "dot"]);

/** What a function of all coordinates gives. */
function called(name: string, [x, y = x]: Numbers[], h: Settings, step: TracedStep): Numbers {
  const out = new Float64Array(step.theta.length);
  const { r, step: moved, f } = step.after ?? step.slots;
  switch (name) {
    case "grad":
      return step.gradient;
    case "clip":
      if (VARIANTS) clipped(x!, out, h.clip_value as number | null, h.clip_norm as number | null);
      return out;
    case "norm":
      norm(x!, out, out.length - (step.bias && h.bias === true ? 1 : 0));
      return out;
    case "dot":
      return [dot(x!, y!)];
    case "value":
      return f!;
    case "H":
      return r!;
    case "search": {
      const square = dot(r!, r!);
      return [square > 0 ? 0 - dot(moved!, r!) / square : 0];
    }
  }
  throw new Error(`a formula calls ${name}`);
}

function numberAt(known: Record<string, Numbers>, letter: string, place: number): number {
  const x = known[letter]!;
  return x[x.length > 1 ? place : 0]!;
}
