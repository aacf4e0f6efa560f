/** One person's race: a config in, a recording out, which can be looked at and gone on with. No clock, no page. */

import { LIMITS } from "../generated/catalogue";
import type { Config } from "../protocol";
import { Frame } from "../protocol";
import { Arrivals, StepMarks } from "./arrivals";
import type { Job } from "./job";
import { jobsOf, startOf } from "./jobs";
import { landscapeOf } from "./landscape";
import type { Landscape } from "./landscape";
import { Refusal } from "./link";
import { Runner } from "./runner";
import type { Rows } from "../training/types";
import type { Scale } from "./scale";
import { scaleOf } from "./scale";
import type { Column } from "./tables";
import { StepTables } from "./tables";
import { cleanRows } from "./rows";

export const { most_steps: MOST_STEPS, learned_accuracy: ENOUGH, near_lowest: NEAR } = LIMITS;

export class Session {
  readonly jobs: readonly Job[];
  readonly landscape: Landscape;
  private readonly scales: readonly Scale[];
  /** The step that is shown. */
  position = 0;
  private readonly runners: Runner[];
  private readonly tables: StepTables;
  private readonly learnedAt: Arrivals;
  private readonly reachedAt: Arrivals;
  private readonly best: StepMarks;

  /** Throws a Refusal where a loss at the start is more than can be shown. */
  constructor(readonly config: Config) {
    this.jobs = jobsOf(config);
    const start = startOf(config, this.jobs);
    this.runners = this.jobs.map((job) => Runner.from(job, start));
    const far = this.runners.find((runner) => !runner.fine);
    if (far !== undefined) throw tooFar(config, far.job);
    this.landscape = landscapeOf(config, this.jobs);
    this.scales = scalesOf(this.jobs);
    const count = this.jobs.length;
    this.tables = new StepTables(count, start.length);
    this.learnedAt = new Arrivals(count);
    this.reachedAt = new Arrivals(count);
    this.best = new StepMarks(count);
    this.note();
  }

  /** Show a step, of the recording or by training up to it; which it is. */
  go(step: number): number {
    const wanted = Math.min(Math.max(step, 0), MOST_STEPS);
    while (this.tables.count <= wanted) {
      for (const runner of this.runners) runner.step();
      this.note();
    }
    return (this.position = wanted);
  }

  get rows(): Rows {
    return this.job(0).neuron.rows;
  }

  /** How many numbers theta has. */
  get parameters(): number {
    return this.tables.parameters;
  }

  /** The last step that can be shown without training. */
  get recorded(): number {
    return this.tables.count - 1;
  }

  /** What was to be seen at a recorded step. */
  frame(step = this.position): Frame {
    return new Frame(step, this.recorded, this.tables.width, Float32Array.from(this.tables.at(step)));
  }

  job(runner: number): Job {
    const job = this.jobs[runner];
    if (job === undefined) throw new Error(`no runner ${runner}`);
    return job;
  }

  /** What its rows and its loss are like. */
  scale(runner: number): Scale {
    return this.scales[runner] as Scale;
  }

  read(runner: number, column: Column, step = this.position): number {
    return this.tables.read(step, runner, column);
  }

  theta(runner: number, step = this.position): Float64Array {
    return this.tables.theta(step, runner);
  }

  /** The loss of a runner at every step up to now; of one that is lost, up to its last good step. */
  losses(runner: number): Float64Array {
    const lost = this.read(runner, "lost") > 0;
    const count = lost ? (this.runners[runner]?.update ?? 0) + 1 : this.position + 1;
    return Float64Array.from({ length: count }, (_, step) => this.read(runner, "loss", step));
  }

  /** The first step up to now at which a runner's loss was lowest. */
  bestStep(runner: number): number {
    return this.best.get(this.position, runner);
  }

  /** Since when, up to a step, so many of the rows of a runner have been right; null if they are not. */
  learned(runner: number, step = this.position): number | null {
    return this.learnedAt.at(step, runner);
  }

  /** The same of a loss near the lowest there is. */
  reached(runner: number, step = this.position): number | null {
    return this.reachedAt.at(step, runner);
  }

  /** The lowest value that a search found for the loss of a runner, and where. */
  lowest(runner: number): number {
    return this.landscape.lowest[this.job(runner).loss] ?? 0;
  }

  minimum(runner: number): Float64Array {
    return this.landscape.minima[this.job(runner).loss] ?? new Float64Array(0);
  }

  /** The rows that are where they belong. */
  get clean(): number[] {
    return cleanRows(this.config.data, this.rows.count);
  }

  /** Note who stands at what, and since when. */
  private note(): void {
    const rows = this.tables.grow();
    const step = this.tables.count - 1;
    this.runners.forEach((runner, i) => {
      const { theta, now, moved } = runner;
      const at = i * this.tables.width;
      rows.set(theta, at);
      rows.set([now.loss, now.gradientNorm, now.accuracy, moved, runner.rows, Number(runner.lost)], at + theta.length);
      this.learnedAt.note(step, i, now.accuracy >= ENOUGH);
      this.reachedAt.note(step, i, now.loss <= this.lowest(i) + NEAR);
      const before = step > 0 ? this.best.get(step - 1, i) : 0;
      this.best.set(step, i, now.loss < this.read(i, "loss", before) ? step : before);
    });
  }
}

/** The refusal of a start where a loss is more than can be shown, and a nearer one, by halves. */
function tooFar(config: Config, job: Job): Refusal {
  let [one, two] = config.start;
  for (let k = 0; k < 60; k++) {
    [one, two] = [Number((one / 2).toFixed(2)), Number((two / 2).toFixed(2))];
    const start = startOf({ ...config, start: [one, two] }, [job]);
    if (jobsOf(config).every((each) => Runner.from(each, start).fine)) break;
  }
  const fields = { loss: job.loss, start: said(config.start), most: "1e+30", nearer: said([one, two]) };
  return new Refusal("playground.far", fields);
}

const said = (start: readonly [number, number]): string => start.map((x) => String(Number(x.toPrecision(6)))).join(", ");

/** One scale for all jobs on a loss. */
function scalesOf(jobs: readonly Job[]): Scale[] {
  const known = new Map<string, Scale>();
  return jobs.map((job) => {
    const scale = known.get(job.loss) ?? scaleOf(job.neuron);
    known.set(job.loss, scale);
    return scale;
  });
}
