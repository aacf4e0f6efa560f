/** Conjugate gradients, one direction an update: what the last direction has done is not undone. */

import { search, type Trial } from "../generated/wolfe";
import type { Counted, Descent } from "./searching";
import type { Settings } from "./types";
import { dot } from "./vectors";

/** How flat a line must be where its search ends: directions lose their conjugacy after looser ones. */
const FLATNESS = 0.1;

export class ConjugateGradient implements Descent {
  readonly near = 0.01;
  readonly narrowest = 1e-7;
  readonly slots;
  private readonly flat: number;

  constructor(
    size: number,
    private readonly rate: number,
    h: Settings,
  ) {
    this.flat = h.gradient_tolerance as number;
    const vector = (length: number) => new Float64Array(length);
    this.slots = {
      ...{ r: vector(size), step: vector(size), decrement: vector(1), narrowed: vector(1) },
      ...{ h: vector(size), foretold: vector(1) },
    };
  }

  descend(counted: Counted, theta: Float64Array): number {
    const { r, step, h, foretold } = this.slots;
    const start = trial(counted, theta, 0, r);
    const g = start.notes;
    this.turn(g);
    h.set(g);
    step.fill(0);
    const largest = Math.max(...g.map(Math.abs));
    if (!(this.flat < largest && largest < Infinity)) return 0;
    const slope = -dot(g, r);
    // A step that foretells the same decrease as the last, or a short one.
    const short = this.rate * Math.min(1, 1 / g.reduce((sum, x) => sum + Math.abs(x), 0));
    const first = foretold[0]! < 0 ? foretold[0]! / slope : short;
    const probe = (t: number): Trial<Float64Array> => trial(counted, theta.map((x, i) => x - t * r[i]!), t, r);
    const [end] = search(probe, { ...start, slope }, first, () => Math.max(...r.map(Math.abs)), FLATNESS);
    for (let i = 0; i < theta.length; i++) {
      step[i] = -end.t * r[i]!;
      theta[i]! += step[i]!;
    }
    foretold[0] = end.t * slope;
    return start.f - end.f;
  }

  forget(): void {}

  /** The next direction: the gradient, and of the last direction what keeps them conjugate. */
  private turn(g: Float64Array): void {
    const { r, h } = this.slots;
    const square = dot(h, h);
    const share = square > 0 ? Math.max(dot(g, g.map((x, i) => x - h[i]!)) / square, 0) : 0;
    const turned = g.map((x, i) => x + share * r[i]!);
    r.set(dot(g, turned) > 0 ? turned : g);
  }
}

/** The trial of a point, a step t against r; beyond a wall it is infinitely high. */
function trial(counted: Counted, point: Float64Array, t: number, r: Float64Array): Trial<Float64Array> {
  const notes = new Float64Array(point.length);
  const f = counted.both(point, notes);
  const slope = -dot(notes, r);
  return Number.isFinite(f) && Number.isFinite(slope) ? { t, f, slope, notes } : { t, f: Infinity, slope: NaN, notes };
}
