/** What engine and page say to each other. */

export interface Config {
  data: string;
  points: [number, number, number][];
  loss: string[];
  optimizers: [string, number][];
  batch: string;
  start: [number, number];
  bias: boolean;
  l2: number;
  seed: number;
  step: number;
  lesson: string;
}

export interface Menus {
  data: string[];
  loss: string[];
  optimizers: Record<string, number>;
  batch: string[];
  lessons: string[];
  most_points: number;
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
  /** The steps at which something changes while it runs. */
  changes?: number[];
  runners: Runner[];
  data: { x: number[]; y: number[] };
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

export interface Fault {
  code: string;
  fields: Record<string, unknown>;
  message: string;
}

/** One moment of the race: a row of numbers for every runner. */
export class Frame {
  constructor(
    readonly step: number,
    readonly recorded: number,
    readonly columns: number,
    private readonly table: Float32Array,
  ) {}

  /** A weight (0, 1) or the bias (2) of a runner. */
  theta(runner: number, place: number): number {
    return this.table[runner * this.columns + place] ?? 0;
  }

  get bias(): boolean {
    return this.columns > 8;
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
