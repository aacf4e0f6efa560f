/** What engine and page say to each other. */

/** Two features and the class, 0 or 1. */
export type Point = [number, number, number];

/** An optimizer with its rate, and those of its other numbers that are not its usual ones. */
export type Entry = [name: string, rate: number, settings?: Record<string, number>];

/** What can change while a run goes on, by the word of a link. */
export interface Changeable {
  data: string;
  points: Point[];
  noise: number;
  loss: string[];
  optimizers: Entry[];
  batch: string;
  l2: number;
  seed: number;
  /** Numbers of rows that are taken away from those there are. */
  drop: number[];
  /** Points that come behind what is left. */
  add: Point[];
}

/** What holds from a step on. */
export type Change = { [W in keyof Changeable]: { step: number; word: W; value: Changeable[W] } }[keyof Changeable];

export interface Config {
  /** What is gone down in the place of a loss over rows, which then have no meaning; `loss` is its name alone. */
  surface: string;
  data: string;
  points: Point[];
  /** What x1 and x2 of own points are called; or nothing. */
  names: string[];
  noise: number;
  loss: string[];
  optimizers: Entry[];
  batch: string;
  start: [number, number];
  bias: boolean;
  /** Further terms, by name. */
  terms: string[];
  l2: number;
  seed: number;
  /** The share of rows that is held back from training. */
  test: number;
  step: number;
  lesson: string;
  /** By step, then in the order of `CHANGEABLE`. */
  changes: Change[];
}

export interface Menus {
  data: string[];
  /** Further terms, with what a picture calls them. */
  terms: Record<string, string>;
  loss: string[];
  optimizers: Record<string, number>;
  batch: string[];
  lessons: string[];
  most_steps: number;
}

export interface Runner {
  loss: string;
  optimizer: string;
  rate: number;
}

export interface Begin {
  loss: number;
  gradient_norm: number;
  accuracy: number;
}

export interface Setup {
  link: string;
  config: Config;
  /** Where each runner begins, in a replay: after a change each begins elsewhere. */
  starts?: (readonly [number, number])[];
  /** The steps at which something changes while it runs. */
  changes?: number[];
  /** Which of the sessions so far it is, and whether one can go back or on from it. */
  entry?: number;
  undo?: boolean;
  redo?: boolean;
  runners: Runner[];
  data: { x: number[]; y: number[] };
  /** Points that are held back from training, if there are some. */
  test?: { x: number[]; y: number[] } | undefined;
  begin: Begin[];
  columns: number;
  window: [number, number, number, number];
  lowest: Record<string, number>;
  near: number;
  enough: number;
}

export interface Limits {
  guaranteed: number | null;
  local: number | null;
  full_batch: boolean;
}

export interface Judgement {
  /** The kind of the outcome so far, or learned or running. */
  code: string;
  fields: Record<string, number | string | boolean | null>;
  /** What else is to be said where a runner has gone astray: keys of the room `outcomes`; else nothing. */
  beside: string[];
  limits: Limits | null;
  learned: number | null;
  reached: number | null;
}

export interface Status {
  step: number;
  playing: boolean;
  runners: Judgement[];
}

/** A lesson under way. */
export interface Lesson {
  name: string;
  choices: string[];
  predicted: string | null;
  /** The part whose settings are on the page. */
  at: number | null;
  steps: { until: number; open: string; done: boolean }[];
  formulas: string[];
  fields: Record<string, number>;
  answer: { code: string; fields: Record<string, number | null>; right: boolean | null; expected: boolean } | null;
  next: string | null;
  speed: number;
}

/** What is wrong, by its code; a field may be a fault of its own. */
export interface Fault {
  code: string;
  fields: Record<string, unknown>;
}

/** Numbers of a row behind theta: loss, gradient, accuracy, moved, rows, lost. */
const MEASURED = 6;

/** One moment of the race: a row of numbers for every runner. */
export class Frame {
  constructor(
    readonly step: number,
    readonly recorded: number,
    readonly columns: number,
    private readonly table: Float32Array,
    /** Of every runner loss and accuracy on the points that are held back, if there are some. */
    readonly test?: readonly (readonly [loss: number, accuracy: number] | undefined)[],
  ) {}

  theta(runner: number, place: number): number {
    return this.table[runner * this.columns + place] ?? 0;
  }

  /** The weights of a runner, and then its bias, if there is one. */
  weights(runner: number): number[] {
    return [...this.table.subarray(runner * this.columns, (runner + 1) * this.columns - MEASURED)];
  }

  loss(runner: number): number {
    return this.fromEnd(runner, 6);
  }

  gradient(runner: number): number {
    return this.fromEnd(runner, 5);
  }

  accuracy(runner: number): number {
    return this.fromEnd(runner, 4);
  }

  moved(runner: number): number {
    return this.fromEnd(runner, 3);
  }

  rows(runner: number): number {
    return this.fromEnd(runner, 2);
  }

  private fromEnd(runner: number, place: number): number {
    return this.table[(runner + 1) * this.columns - place] ?? 0;
  }
}
