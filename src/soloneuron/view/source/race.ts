/** What the page knows of the race: the setup, and every frame it has seen. */

import { runnerColor, runnerDash } from "./colors";
import type { Config, Frame, Setup, Status } from "./protocol";

export class Race {
  readonly frames: (Frame | undefined)[] = [];
  status: Status | undefined;
  step = 0;
  /** The first step that there is: not 0 in a replay of what followed a change. */
  first = 0;
  recorded = 0;
  /** The runner whose probabilities are shown, by optimizer. */
  chosen = 0;

  /** The config that was asked for last; ahead of the setup until the engine has answered. */
  wanted: Config;
  private readonly sides: number[][];

  constructor(readonly setup: Setup) {
    this.wanted = setup.config;
    this.sides = setup.config.loss.map((loss) => setup.runners.flatMap((runner, i) => (runner.loss === loss ? [i] : [])));
  }

  take(frame: Frame): void {
    this.frames[frame.step] = frame;
    this.step = frame.step;
    this.recorded = Math.max(this.recorded, frame.recorded);
  }

  get now(): Frame | undefined {
    return this.frames[this.step];
  }

  /** How many runners each loss has. */
  get each(): number {
    return this.setup.config.optimizers.length;
  }

  /** The runners of a loss, in the order of the optimizers. */
  runners(loss: number): number[] {
    return this.sides[loss] ?? [];
  }

  /** The runner of a loss that is shown. */
  shown(loss: number): number {
    const runners = this.runners(loss);
    return runners[Math.min(this.chosen, runners.length - 1)] ?? 0;
  }

  /** Whether a runner runs on the second of two losses, beside others. */
  second(runner: number): boolean {
    return this.each > 1 && this.runners(1).includes(runner);
  }

  /** A color for every optimizer; where one optimizer runs on two losses, for every loss. */
  color(runner: number): string {
    return runnerColor(this.second(runner) ? this.runners(1).indexOf(runner) : runner);
  }

  dash(runner: number): number[] {
    return runnerDash(this.second(runner) ? this.runners(1).indexOf(runner) : runner);
  }

  /** The frames seen up to now, at most so many, the last one always. */
  *past(most: number): Generator<Frame> {
    const stride = Math.max(1, Math.ceil((this.step - this.first) / most));
    for (let step = this.first; step < this.step; step += stride) {
      const frame = this.nearest(step, stride);
      if (frame !== undefined) yield frame;
    }
    if (this.now !== undefined) yield this.now;
  }

  private nearest(step: number, stride: number): Frame | undefined {
    for (let place = step; place < Math.min(step + stride, this.step); place++) {
      const frame = this.frames[place];
      if (frame !== undefined) return frame;
    }
    return undefined;
  }
}
