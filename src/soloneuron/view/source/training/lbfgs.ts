/** L-BFGS, one direction an update: Newton's direction from the last few steps and changes of the gradient. */

import { search, type Trial } from "../generated/wolfe";
import { down, up } from "./coordinates";
import type { Counted, Descent } from "./searching";
import type { Settings } from "./types";
import { dot } from "./vectors";

/** What s . y must exceed; where columns are alike, of y . y. */
const CURVATURE = 1e-10;
const SHARE = 1e-14;

type Pair = readonly [s: Float64Array, y: Float64Array];

interface Notes {
  /** The gradient, in coordinates in which columns are alike. */
  readonly g: Float64Array;
  readonly largest: number;
}

export class Lbfgs implements Descent {
  readonly near = 1e-3;
  readonly narrowest = 1e-7;
  readonly slots;
  private readonly history: number;
  private readonly flatness: number;
  private readonly stillness: number;

  constructor(
    private readonly size: number,
    private readonly rate: number,
    h: Settings,
  ) {
    this.history = h.history as number;
    this.flatness = h.gradient_tolerance as number;
    this.stillness = h.change_tolerance as number;
    const vector = (length: number) => new Float64Array(length);
    this.slots = {
      ...{ r: vector(size), step: vector(size), decrement: vector(1), narrowed: vector(1) },
      ...{ s: vector(this.history * size), y: vector(this.history * size), kept: vector(1) },
    };
  }

  descend(counted: Counted, theta: Float64Array): number {
    const { objective } = counted;
    const { r, step, decrement, kept } = this.slots;
    const columns = objective.coordinates;
    const start = this.trial(counted, theta, 0);
    [r, step].forEach((slot) => slot.fill(0));
    // Not "is larger": where value or gradient are no numbers nothing can be done.
    if (!(this.flatness < start.notes.largest && start.notes.largest < Infinity)) {
      decrement[0] = Number.isFinite(start.f) ? 0 : Infinity;
      return 0;
    }
    const d = this.direction(start.notes.g);
    const slope = dot(start.notes.g, d);
    const along = columns === null ? d : up(columns, d);
    along.forEach((x, i) => (r[i] = -x));
    decrement[0] = -slope;
    // The direction hardly goes down any more: rounding has taken over.
    if (!(slope <= -(columns === null ? this.stillness : Math.abs(start.f) * Number.EPSILON))) return 0;
    const bend = columns?.bend ?? null;
    // Without pairs the length of -g means nothing: the step of a known bend, or one that moves theta by the rate in all.
    const free = bend === null ? Math.min(1, 1 / start.notes.g.reduce((sum, x) => sum + Math.abs(x), 0)) : 1 / bend;
    const first = this.rate * (kept[0] === 0 ? free : 1);
    const reach = Math.max(...d.map(Math.abs));
    const probe = (t: number): Trial<Notes> => this.trial(counted, theta.map((x, i) => x + t * along[i]!), t, d);
    const [end] = search(probe, { ...start, slope }, first, () => reach);
    theta.forEach((x, i) => (theta[i] = x + end.t * along[i]!));
    along.forEach((x, i) => (step[i] = end.t * x));
    if (end.t !== 0) this.learn(d.map((x) => end.t * x), end.notes.g.map((g, i) => g - start.notes.g[i]!), columns !== null);
    return start.f - end.f;
  }

  forget(): void {
    this.slots.kept[0] = 0;
  }

  /** The trial of a point, a step t along d; beyond a wall it is infinitely high. */
  private trial(counted: Counted, point: Float64Array, t: number, d?: Float64Array): Trial<Notes> {
    const { coordinates } = counted.objective;
    const slopes = new Float64Array(this.size);
    const f = counted.both(point, slopes);
    const g = coordinates === null ? slopes : down(coordinates, slopes);
    const slope = d ? dot(g, d) : 0;
    const largest = Math.max(...g.map(Math.abs));
    if (![f, slope, largest].every(Number.isFinite)) return { t, f: Infinity, slope: NaN, notes: { g, largest: Infinity } };
    return { t, f, slope, notes: { g, largest } };
  }

  /** d = -H g of the two-loop recursion. */
  private direction(g: Float64Array): Float64Array {
    const pairs = this.pairs();
    const q = g.slice();
    const shares = pairs.toReversed().map(([s, y]) => {
      const share = dot(s, q) / dot(y, s);
      y.forEach((x, i) => (q[i]! -= share * x));
      return share;
    });
    const latest = pairs.at(-1);
    // H = (s . y) / (y . y) of the latest pair: the scale of the curvature that was seen last.
    const scale = latest ? dot(...latest) / dot(latest[1], latest[1]) : 1;
    const r = q.map((x) => scale * x);
    pairs.forEach(([s, y], k) => {
      const share = shares[pairs.length - 1 - k]! - dot(y, r) / dot(y, s);
      s.forEach((x, i) => (r[i]! += share * x));
    });
    return r.map((x) => -x);
  }

  /** Keep a pair that bends upwards; beyond the history the oldest is forgotten. */
  private learn(s: Float64Array, y: Float64Array, alike: boolean): void {
    const [bend, square] = [dot(s, y), dot(y, y)];
    if (!(square > 0 && bend > (alike ? SHARE * square : CURVATURE))) return;
    const pairs = [...this.pairs(), [s, y] as Pair].slice(-this.history);
    pairs.forEach(([first, second], i) => {
      this.slots.s.set(first, i * this.size);
      this.slots.y.set(second, i * this.size);
    });
    this.slots.kept[0] = pairs.length;
  }

  /** The steps and the changes of the gradient that belong to them, oldest first. */
  private pairs(): Pair[] {
    const row = (slot: Float64Array, i: number) => slot.slice(i * this.size, (i + 1) * this.size);
    return Array.from({ length: this.slots.kept[0]! }, (_, i) => [row(this.slots.s, i), row(this.slots.y, i)] as Pair);
  }
}
