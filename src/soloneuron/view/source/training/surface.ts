/** A surface as what is minimized: no rows, two coordinates. */

import { positiveDefinite } from "./curvature";
import type { Objective, Surface } from "./types";

/** How far the gradient is looked at on each side for second derivatives. */
const ASIDE = 1e-5;

export class SurfaceObjective implements Objective {
  readonly size = 2;
  readonly count = 1;
  readonly smooth = true;
  readonly coordinates = null;

  constructor(readonly surface: Surface) {}

  value(theta: Float64Array): number {
    return this.surface.value(theta[0] as number, theta[1] as number);
  }

  gradient(theta: Float64Array, out: Float64Array): void {
    const [first, second] = this.surface.gradient(theta[0] as number, theta[1] as number);
    out[0] = first;
    out[1] = second;
  }

  both(theta: Float64Array, out: Float64Array): number {
    this.gradient(theta, out);
    return this.value(theta);
  }

  accuracy(): number {
    return NaN;
  }

  hessian(theta: Float64Array): Float64Array {
    const [x, y] = theta as unknown as [number, number];
    const H = new Float64Array(4);
    [0, 1].forEach((j) => {
      const [dx, dy] = j ? [0, ASIDE] : [ASIDE, 0];
      const before = this.surface.gradient(x - dx, y - dy);
      const after = this.surface.gradient(x + dx, y + dy);
      for (const i of [0, 1] as const) H[2 * i + j] = (after[i] - before[i]) / (2 * ASIDE);
    });
    return H;
  }

  convexHessian(theta: Float64Array): Float64Array {
    return positiveDefinite(this.hessian(theta));
  }

  rounded(): this {
    return this;
  }
}
