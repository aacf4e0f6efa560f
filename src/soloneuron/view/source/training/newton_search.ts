/** Newton's method as a rule: the Hessian turns and stretches the gradient, a line search makes sure of the descent. */

import { backtracked, newtonDirection } from "./newton";
import type { Counted, Descent } from "./searching";

export class NewtonSearch implements Descent {
  readonly near = 0.01;
  readonly narrowest = 0;
  readonly slots;
  private readonly gradient: Float64Array;

  constructor(
    private readonly size: number,
    private readonly rate: number,
  ) {
    const vector = () => new Float64Array(size);
    this.gradient = vector();
    this.slots = { r: vector(), step: vector(), decrement: new Float64Array(1), narrowed: new Float64Array(1) };
  }

  descend(objective: Counted, theta: Float64Array): number {
    const here = objective.both(theta, this.gradient);
    const found =
      this.found(objective, theta, here, objective.hessian(theta)) ??
      this.found(objective, theta, here, objective.convexHessian(theta));
    const { r, step, decrement } = this.slots;
    const [direction, far, fall] = found ?? [new Float64Array(this.size), 0, NaN];
    r.set(direction);
    for (let i = 0; i < this.size; i++) {
      step[i] = -far * r[i]! + 0;
      theta[i]! += step[i]!;
    }
    decrement[0] = -fall;
    return -fall;
  }

  forget(): void {}

  /** A direction, how far to go against it, and the slope; undefined where the matrix gives none. */
  private found(objective: Counted, theta: Float64Array, here: number, H: Float64Array): [Float64Array, number, number] | undefined {
    const r = newtonDirection(H, this.gradient);
    if (r === undefined) {
      objective.calls++;
      return undefined;
    }
    const fall = -this.gradient.reduce((sum, g, i) => sum + g * r[i]!, 0);
    const along = (t: number): number => objective.value(theta.map((x, i) => x - t * r[i]!));
    const far = backtracked(along, here, fall, this.rate);
    return far === undefined ? undefined : [r, far, fall];
  }
}
