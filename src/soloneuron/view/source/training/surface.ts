/** A surface as what is minimized: no rows, two coordinates. */

import { SURFACE_FORMULAS } from "../generated/surfaces";
import { positiveDefinite } from "./curvature";
import { computed } from "./dual";
import type { Objective, Surface, SurfaceFormula } from "./types";

function surfaceOf(formula: SurfaceFormula): Surface {
  const height = computed(formula.shared, [formula.value]);
  const slopes = computed(formula.shared, formula.gradient);
  return {
    ...formula,
    value: (x, y) => height([x, 0], [y, 0])[0]?.[0] ?? NaN,
    gradient: (x, y) => slopes([x, 0], [y, 0]).map(([slope]) => slope) as [number, number],
    hessian: (x, y) => {
      const [along, up] = [slopes([x, 1], [y, 0]), slopes([x, 0], [y, 1])];
      return Float64Array.from([0, 1].flatMap((i) => [along, up].map((column) => column[i]?.[1] ?? NaN)));
    },
  };
}

/** Every surface of the library, by name. */
export const SURFACES: Readonly<Record<string, Surface>> = Object.fromEntries(
  Object.entries(SURFACE_FORMULAS).map(([name, formula]) => [name, surfaceOf(formula)]),
);

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
    return this.surface.hessian(theta[0] as number, theta[1] as number);
  }

  convexHessian(theta: Float64Array): Float64Array {
    return positiveDefinite(this.hessian(theta));
  }

  rounded(): this {
    return this;
  }
}
