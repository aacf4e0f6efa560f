/** One optimizer on one loss, step by step. */

import { LIMITS } from "../generated/catalogue";
import type { Measures, State } from "../training/walk";
import { stateAt, Walk } from "../training/walk";
import type { Job } from "./job";

export class Runner {
  now: Measures;
  /** Length of the last step. */
  moved = 0;
  /** Gradients of single rows that were asked for. */
  rows: number;
  /** Updates that led to numbers. */
  update: number;
  /** The next update would leave the range of numbers. */
  lost = false;
  private readonly walk: Walk;
  /** Where it stands: the last good theta, if it is lost. */
  readonly theta: Float64Array;

  constructor(
    readonly job: Job,
    state: State,
  ) {
    this.walk = new Walk(job.plan, state);
    this.theta = this.walk.theta.slice();
    this.now = this.walk.measure();
    this.rows = state.rows;
    this.update = state.update;
  }

  static from(job: Job, start: Float64Array): Runner {
    return new Runner(job, stateAt(start));
  }

  /** Where it stands, with its memory. */
  get state(): State {
    return { ...this.walk.state, update: this.update, theta: this.theta.slice(), rows: this.rows };
  }

  /** Whether all numbers are such that a frame can hold them. */
  get fine(): boolean {
    const { now } = this;
    return drawable(now.loss) && drawable(now.gradientNorm) && this.theta.every(drawable);
  }

  /** Take one update, unless the last one led out of all numbers; who leaves them stays behind. */
  step(): void {
    const { walk, theta } = this;
    if (this.lost) {
      this.moved = 0;
      return;
    }
    walk.step();
    const now = walk.measure();
    const moved = distance(walk.theta, theta);
    if (!(drawable(now.loss) && drawable(now.gradientNorm) && drawable(moved) && walk.theta.every(drawable))) {
      this.lost = true;
      this.moved = 0;
      return;
    }
    theta.set(walk.theta);
    this.now = now;
    this.moved = moved;
    this.rows = walk.seen;
    this.update += 1;
  }
}

const drawable = (x: number): boolean => Math.abs(x) < LIMITS.largest_drawn;

function distance(one: Float64Array, two: Float64Array): number {
  let square = 0;
  for (let j = 0; j < one.length; j++) square += ((one[j] as number) - (two[j] as number)) ** 2;
  return Math.sqrt(square);
}
