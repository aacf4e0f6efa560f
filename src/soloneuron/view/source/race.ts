/** What the page knows of the race: the setup, and every frame it has seen. */

import { runnerColor, runnerDash } from "./colors";
import type { Frame, Setup, Status } from "./protocol";

export class Race {
  readonly frames: (Frame | undefined)[] = [];
  status: Status | undefined;
  step = 0;
  recorded = 0;
  /** The runner whose probabilities are shown, by optimizer. */
  chosen = 0;

  constructor(readonly setup: Setup) {}

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
    return Array.from({ length: this.each }, (_, i) => loss * this.each + i);
  }

  /** The runner of a loss that is shown. */
  shown(loss: number): number {
    return loss * this.each + Math.min(this.chosen, this.each - 1);
  }

  /** A color for every optimizer; where one optimizer runs on two losses, for every loss. */
  color(runner: number): string {
    return runnerColor(this.each === 1 ? runner : runner % this.each);
  }

  dash(runner: number): number[] {
    return runnerDash(this.each === 1 ? runner : runner % this.each);
  }

  /** The frames seen up to now, at most so many, the last one always. */
  *past(most: number): Generator<Frame> {
    const stride = Math.max(1, Math.ceil(this.step / most));
    for (let step = 0; step < this.step; step += stride) {
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
