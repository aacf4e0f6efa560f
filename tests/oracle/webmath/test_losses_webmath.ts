/** What test_losses_webmath.py asks. */

import { LOSSES, roundedHinge } from "@page/generated/losses";
import { SURFACES } from "@page/training/surface";
import type { Loss } from "@page/training/types";

const KINDS = ["value", "slope", "bend"] as const;

function one(loss: Loss, z: Float64Array, y: number): Record<string, Float64Array> {
  return Object.fromEntries(KINDS.map((kind) => [kind, z.map((logit) => loss[kind](logit, y))]));
}

/** The loops, of the class 0: the logit of the wrong class is then the logit. */
function many(loss: Loss, t: Float64Array): Record<string, Float64Array | number> {
  const [slopes, both, bends] = [0, 1, 2].map(() => new Float64Array(t.length)) as [Float64Array, Float64Array, Float64Array];
  loss.slopes(t, slopes, t.length);
  loss.bends(t, bends, t.length);
  const single = t.map((logit) => loss.total(Float64Array.of(logit), 1));
  const beside = t.map((logit) => loss.both(Float64Array.of(logit), both, 1));
  loss.both(t, both, t.length);
  return { single, beside, slopes, both, bends };
}

function facts(loss: Loss): object {
  const { convex, smooth, strictlyDecreasing, curvature } = loss;
  return { convex, smooth, strictlyDecreasing, curvature };
}

export const answers = {
  names: () => Object.keys(LOSSES),
  one: ([name, z, y]: [string, Float64Array, number]) => one(LOSSES[name]!, z, y),
  many: ([name, t]: [string, Float64Array]) => many(LOSSES[name]!, t),
  facts: (name: string) => facts(LOSSES[name]!),
  rounded: ([width, z, y]: [number, Float64Array, number]) => one(roundedHinge(width), z, y),
  surfaces: () => Object.fromEntries(Object.entries(SURFACES).map(([name, s]) => [name, { start: s.start, window: s.window, lowest: s.lowest, minima: s.minima }])),
  surface: ([name, x, y]: [string, Float64Array, Float64Array]) => {
    const surface = SURFACES[name]!;
    const slopes = Array.from(x, (value, i) => surface.gradient(value, y[i]!));
    return {
      value: x.map((value, i) => surface.value(value, y[i]!)),
      dx: Float64Array.from(slopes, (slope) => slope[0]),
      dy: Float64Array.from(slopes, (slope) => slope[1]),
    };
  },
};
