/** One person's race: a config in, a recording out, which can be looked at and gone on with. No clock, no page. */

import { LIMITS } from "../generated/catalogue";
import type { Config } from "../protocol";
import { Frame } from "../protocol";
import type { Rows } from "../training/types";
import type { State } from "../training/walk";
import type { Stage } from "./changes";
import { editedRows, heirsOf, stagesOf } from "./changes";
import type { Job } from "./job";
import { jobsOf, startOf } from "./jobs";
import { Refusal } from "./link";
import { cleanRows, rowsOf } from "./rows";
import { Runner } from "./runner";
import type { Scale } from "./scale";
import { Stretch } from "./stretch";
import type { Column } from "./tables";

export const { most_steps: MOST_STEPS } = LIMITS;

export class Session {
  /** The step that is shown. */
  position = 0;
  private readonly stages: readonly Stage[];
  /** The rows of every stage: known before anything is trained, and refused if they are of no use. */
  private readonly data: readonly Rows[];
  private readonly stretches: Stretch[];

  /**
   * Begin a race; with a session before, go on from what the two have in common.
   * Throws a Refusal where a loss at the start is more than can be shown.
   */
  constructor(
    readonly config: Config,
    before?: Session,
  ) {
    this.stages = stagesOf(config);
    this.data = this.stages.map(rowsOfStage);
    this.stretches = before === undefined ? [] : shared(before, this.stages, this.data);
    if (this.stretches.length === 0) this.stretches.push(begun(this.stages[0] as Stage, this.data[0] as Rows));
  }

  /** Show a step, of the recording or by training up to it; which it is. */
  go(step: number): number {
    const wanted = Math.min(Math.max(step, 0), MOST_STEPS);
    while (this.last.recorded < wanted || this.next?.step === this.last.recorded) this.train();
    return (this.position = wanted);
  }

  /** The last step that can be shown without training. */
  get recorded(): number {
    return this.last.recorded;
  }

  /** The stretch that is shown. */
  get shown(): Stretch {
    return this.stretches.findLast(({ first }) => first <= this.position) as Stretch;
  }

  /** The steps at which something changes. */
  get changes(): number[] {
    return this.stages.slice(1).map(({ step }) => step);
  }

  /** The rows that are shown, if points came or went by hand since they were made. */
  get edited(): Rows | undefined {
    const at = this.stretches.indexOf(this.shown);
    return (this.stages[at] as Stage).edits.length > 0 ? this.data[at] : undefined;
  }

  get jobs(): readonly Job[] {
    return this.shown.jobs;
  }

  get rows(): Rows {
    return this.job(0).neuron.rows;
  }

  /** How many numbers theta has. */
  get parameters(): number {
    return this.shown.parameters;
  }

  /** What was to be seen at a recorded step. */
  frame(step = this.position): Frame {
    const { shown } = this;
    const test = this.rows.test && this.jobs.map((_, runner) => shown.tested(runner, step));
    return new Frame(step, this.recorded, shown.width, shown.rows(step), test);
  }

  job(runner: number): Job {
    return this.jobs[runner] as Job;
  }

  /** What its rows and its loss are like. */
  scale(runner: number): Scale {
    return this.shown.scale(runner);
  }

  read(runner: number, column: Column, step = this.position): number {
    return this.shown.read(runner, column, step);
  }

  /** Loss and accuracy of a runner on the rows that are held back, if there are some. */
  tested(runner: number, step = this.position): readonly [number, number] | undefined {
    return this.shown.tested(runner, step);
  }

  theta(runner: number, step = this.position): Float64Array {
    return this.shown.theta(runner, step);
  }

  /** Where a runner stood at a step, with its memory. */
  state(runner: number, step: number): State {
    return this.shown.state(runner, step);
  }

  /** The loss of a runner since something changed, up to now; of one that is lost, up to its last good step. */
  losses(runner: number): Float64Array {
    return this.shown.losses(runner, this.position);
  }

  /** The first step up to now at which a runner's loss was lowest since something changed. */
  bestStep(runner: number): number {
    return this.shown.bestStep(runner, this.position);
  }

  /** Since when, up to a step, so many of the rows of a runner have been right; null if they are not. */
  learned(runner: number, step = this.position): number | null {
    return this.shown.learned(runner, step);
  }

  /** The same of a loss near the lowest there is. */
  reached(runner: number, step = this.position): number | null {
    return this.shown.reached(runner, step);
  }

  /** The lowest value that a search found for the loss of a runner. */
  lowest(runner: number): number {
    return this.shown.lowest(runner);
  }

  /** Where it is. */
  minimum(runner: number): Float64Array {
    return this.shown.landscape.minima[this.job(runner).loss] ?? new Float64Array(0);
  }

  /** The rows that are where they belong. */
  get clean(): number[] {
    return cleanRows(this.shown.config, this.rows.count);
  }

  private get last(): Stretch {
    return this.stretches.at(-1) as Stretch;
  }

  private get next(): Stage | undefined {
    return this.stages[this.stretches.length];
  }

  private train(): void {
    const { last, next } = this;
    if (next?.step !== last.recorded) last.train();
    else this.stretches.push(followed(last, next, this.data[this.stretches.length] as Rows));
  }
}

/** The stretches of another session that this one's stages begin with; the last of them ends at their next stage. */
function shared(before: Session, stages: readonly Stage[], data: readonly Rows[]): Stretch[] {
  const known = before["stages"];
  let same = 0;
  while (same < stages.length && JSON.stringify(known[same]) === JSON.stringify(stages[same])) same += 1;
  const kept = before["stretches"].slice(0, same);
  const next = stages[kept.length];
  const last = kept.at(-1);
  // A recording that goes beyond the next change stays where it was made.
  if (next !== undefined && last !== undefined && last.recorded > next.step) return [...kept, followed(last, next, data[kept.length] as Rows)];
  return kept;
}

function begun({ config }: Stage, rows: Rows): Stretch {
  const jobs = jobsOf(config, rows);
  const start = startOf(config, jobs);
  const far = jobs.find((job) => !Runner.from(job, start).fine);
  if (far !== undefined) throw tooFar(config, jobs, far.loss);
  return new Stretch(config, jobs, 0);
}

/** The stretch that goes on from another one as a stage says. */
function followed(before: Stretch, { step, config }: Stage, rows: Rows): Stretch {
  return new Stretch(config, jobsOf(config, rows), step, { stretch: before, heirs: heirsOf(before.config, config) });
}

/** Throws a Refusal where too many are left, or one class. */
function rowsOfStage({ config, edits }: Stage): Rows {
  return edits.reduce(editedRows, rowsOf(config));
}

/** The refusal of a start where a loss is more than can be shown, with a nearer one, by halves. */
function tooFar(config: Config, jobs: readonly Job[], loss: string): Refusal {
  let [one, two] = config.start;
  for (let fine = false; !fine; ) {
    [one, two] = [Number((one / 2).toFixed(2)), Number((two / 2).toFixed(2))];
    const start = startOf({ ...config, start: [one, two] }, jobs);
    fine = jobs.every((job) => Runner.from(job, start).fine);
  }
  return new Refusal("playground.far", { loss, start: said(config.start), most: "1e+30", nearer: said([one, two]) });
}

const said = (start: readonly [number, number]): string => start.map((x) => String(Number(x.toPrecision(6)))).join(", ");
