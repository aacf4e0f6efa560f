/** A stretch of a race in which nothing changes: its recording, and what it goes on from. */

import { LIMITS } from "../generated/catalogue";
import type { Config } from "../protocol";
import { sharpness } from "../training/limits";
import type { State } from "../training/walk";
import { stateAt } from "../training/walk";
import { Arrivals, StepMarks } from "./arrivals";
import type { Heir } from "./changes";
import type { Job } from "./job";
import { startOf } from "./jobs";
import type { Landscape } from "./landscape";
import { landscapeOf } from "./landscape";
import { Runner } from "./runner";
import type { Scale } from "./scale";
import { scaleOf } from "./scale";
import type { Column } from "./tables";
import { StepTables } from "./tables";

/** Steps between two states that are kept whole; those between are computed again. */
const KEEP_EVERY = 64;

/** The stretch before, and whose place each runner takes. */
export interface Origin {
  readonly stretch: Stretch;
  readonly heirs: readonly (Heir | null)[];
}

export class Stretch {
  readonly landscape: Landscape;
  readonly runners: readonly Runner[];
  private readonly scales: readonly Scale[];
  private readonly tables: StepTables;
  private readonly learnedAt: Arrivals;
  private readonly reachedAt: Arrivals;
  private readonly best: StepMarks;
  /** Of every runner its states, each so many steps after the one before. */
  private readonly kept: State[][] = [];
  private readonly sharpnesses = new Map<number, number>();

  /** Begin at a step, from the start or from where the runners of the stretch before stand there. */
  constructor(
    readonly config: Config,
    readonly jobs: readonly Job[],
    readonly first: number,
    readonly origin?: Origin,
  ) {
    const start = startOf(config, jobs);
    this.runners = jobs.map((job, i) => {
      const heir = origin?.heirs[i] ?? null;
      const runner = new Runner(job, stateOf(heir, origin, first, start));
      // It has not moved by the change, but it has come here by a step.
      if (heir !== null && origin !== undefined) runner.moved = origin.stretch.read(heir.runner, "moved", first);
      return runner;
    });
    this.landscape = landscapeOf(config, jobs);
    this.scales = scalesOf(jobs);
    this.tables = new StepTables(jobs.length, start.length);
    this.learnedAt = new Arrivals(jobs.length);
    this.reachedAt = new Arrivals(jobs.length);
    this.best = new StepMarks(jobs.length);
    this.note();
  }

  /** The last step that can be shown without training. */
  get recorded(): number {
    return this.first + this.tables.count - 1;
  }

  get parameters(): number {
    return this.tables.parameters;
  }

  /** Columns of a row, all numbers of a runner at a step. */
  get width(): number {
    return this.tables.width;
  }

  /** One step more. */
  train(): void {
    for (const runner of this.runners) runner.step();
    this.note();
  }

  /** The rows of all runners at a step; before the first of this stretch, of those whose places they took. */
  rows(step: number): Float32Array {
    if (step >= this.first) return new Float32Array(this.tables.at(step - this.first));
    const out = new Float32Array(this.jobs.length * this.width);
    this.jobs.forEach((_, runner) => out.set(this.row(runner, step), runner * this.width));
    return out;
  }

  read(runner: number, column: Column, step: number): number {
    return this.row(runner, step)[this.parameters + this.tables.place(column)] as number;
  }

  theta(runner: number, step: number): Float64Array {
    return this.row(runner, step).subarray(0, this.parameters);
  }

  /** The loss of a runner at every step of this stretch up to one; of one that is lost, up to its last good step. */
  losses(runner: number, step: number): Float64Array {
    const end = this.read(runner, "lost", step) > 0 ? (this.runners[runner] as Runner).update : step;
    return this.tables.column(runner, "loss", end - this.first + 1);
  }

  /** The largest curvature of a runner's loss where it stood at a step, and 2 over its rate then. */
  sharpness(runner: number, step: number): readonly [number, number] {
    const { origin, first, jobs } = this;
    const heir = origin?.heirs[runner];
    if (step < first && origin !== undefined && heir) return origin.stretch.sharpness(heir.runner, step);
    const { neuron, rate } = jobs[runner] as Job;
    const place = step * jobs.length + runner;
    const known = this.sharpnesses.get(place) ?? sharpness(neuron, this.theta(runner, step));
    this.sharpnesses.set(place, known);
    return [known, 2 / rate];
  }

  /** Loss and accuracy on the rows that are held back; the penalty counts as in training. */
  tested(runner: number, step: number): readonly [number, number] | undefined {
    const { origin, first } = this;
    const heir = origin?.heirs[runner];
    if (step < first && origin !== undefined && heir) return origin.stretch.tested(heir.runner, step);
    const held = this.jobs[runner]?.held;
    return held && [held.value(this.theta(runner, step)), held.accuracy()];
  }

  scale(runner: number): Scale {
    return this.scales[runner] as Scale;
  }

  bestStep(runner: number, step: number): number {
    return this.first + this.best.get(step - this.first, runner);
  }

  learned(runner: number, step: number): number | null {
    return this.learnedAt.at(step - this.first, runner);
  }

  reached(runner: number, step: number): number | null {
    return this.reachedAt.at(step - this.first, runner);
  }

  lowest(runner: number): number {
    return this.landscape.lowest[this.jobs[runner]?.loss ?? ""] ?? 0;
  }

  /** Where a runner stood at a step of this stretch, bit for bit; one that is lost stands where it last was. */
  state(runner: number, step: number): State {
    const { job, update } = this.runners[runner] as Runner;
    const wanted = Math.min(step, update) - this.first;
    const near = Math.floor(wanted / KEEP_EVERY);
    const walker = new Runner(job, this.kept[near]?.[runner] as State);
    for (let done = near * KEEP_EVERY; done < wanted; done++) walker.step();
    return walker.state;
  }

  /** All numbers of a runner at a step; a runner that began later stands at its start before. */
  private row(runner: number, step: number): Float64Array {
    const { origin, first } = this;
    const heir = origin?.heirs[runner];
    if (step < first && origin !== undefined && heir) return origin.stretch.row(heir.runner, step);
    return this.tables.row(Math.max(0, step - first), runner);
  }

  /** Note who stands at what, and since when. */
  private note(): void {
    const rows = this.tables.grow();
    const at = this.tables.count - 1;
    const step = this.first + at;
    if (at % KEEP_EVERY === 0) this.kept.push(this.runners.map((runner) => runner.state));
    this.runners.forEach((runner, i) => {
      const { theta, now, moved } = runner;
      rows.set(theta, i * this.width);
      const numbers = [now.loss, now.gradientNorm, now.accuracy, moved, runner.rows, Number(runner.lost)];
      rows.set(numbers, i * this.width + theta.length);
      const heir = at === 0 ? this.origin?.heirs[i] : null;
      const since = heir ? (this.origin?.stretch.learned(heir.runner, step) ?? step) : step;
      this.learnedAt.note(at, i, now.accuracy >= LIMITS.learned_accuracy, since);
      this.reachedAt.note(at, i, now.loss <= this.lowest(i) + LIMITS.near_lowest, step);
      const before = at > 0 ? this.best.get(at - 1, i) : 0;
      this.best.set(at, i, now.loss < this.tables.read(before, i, "loss") ? at : before);
    });
  }
}

/** What a runner begins with at the first step of a stretch. */
function stateOf(heir: Heir | null, origin: Origin | undefined, first: number, start: Float64Array): State {
  if (heir === null || origin === undefined) return { ...stateAt(start), update: first };
  const before = origin.stretch.state(heir.runner, first);
  return { ...before, update: first, ...(heir.memory ? {} : { t: 0, slots: {} }) };
}

/** One scale for all jobs on a loss. */
function scalesOf(jobs: readonly Job[]): Scale[] {
  const known = new Map<string, Scale>();
  return jobs.map((job) => {
    const scale = known.get(job.loss) ?? scaleOf(job.neuron);
    known.set(job.loss, scale);
    return scale;
  });
}
