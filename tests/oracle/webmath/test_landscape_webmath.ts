/** What test_landscape_webmath.py asks. */

import { LOSSES } from "@page/generated/losses";
import { SurfaceObjective, SURFACES } from "@page/training/surface";
import { readLink } from "@page/session/link";
import { Session } from "@page/session/session";
import { curvaturesOf } from "@page/training/curvature";
import { Landscape } from "@page/training/landscape";
import { rateLimits, sharpness } from "@page/training/limits";
import { lowestOf } from "@page/training/minimum";
import { Neuron } from "@page/training/neuron";
import type { Objective, Window } from "@page/training/types";

interface Asked {
  loss: string;
  x: Float64Array;
  y: Float64Array;
  width: number;
  bias: boolean;
  l2: number;
}

function neuron({ loss, x, y, width, bias, l2 }: Asked): Neuron {
  return new Neuron({ count: y.length, width, x, y }, LOSSES[loss]!, { bias, l2 });
}

const grid = (objective: Objective, window: Window, size: number, rest: number[]) => {
  const found = new Landscape(objective, window, size, rest);
  found.fill();
  return { values: found.values, low: found.low, high: found.high };
};

export const answers = {
  grid: ([asked, window, size, rest]: [Asked, Window, number, number[]]) => grid(neuron(asked), window, size, rest),
  surface: ([name, window, size]: [string, Window, number]) => grid(new SurfaceObjective(SURFACES[name]!), window, size, []),
  /** The knots of the first pass, and then of a grid that was filled in parts. */
  parts: ([asked, window, size, each]: [Asked, Window, number, number]) => {
    const found = new Landscape(neuron(asked), window, size);
    found.fill(Math.ceil(found.size / 8) ** 2);
    const first = found.values.slice();
    let parts = 0;
    for (; !found.done; parts++) found.fill(each);
    return { first, values: found.values, parts };
  },
  lowest: (asked: Asked) => lowestOf(neuron(asked)),
  /** What a session takes for the lowest at each of some steps. */
  played: ([link, steps]: [string, number[]]) => {
    const session = new Session(readLink(link));
    return steps.map((step) => {
      session.go(step);
      return { lowest: session.lowest(0), theta: session.minimum(0) };
    });
  },
  bends: ([asked, theta]: [Asked, Float64Array]) => {
    const found = neuron(asked);
    return {
      hessian: found.hessian(theta),
      convex: found.convexHessian(theta),
      sharpness: sharpness(found, theta),
      limits: rateLimits(found, theta, true),
      coordinates: found.coordinates,
    };
  },
  curvatures: (matrix: Float64Array) => curvaturesOf(matrix),
  surfaceHessian: ([name, theta]: [string, Float64Array]) => new SurfaceObjective(SURFACES[name]!).hessian(theta),
};
