/** What test_walks_webmath.py asks. */

import { LOSSES } from "@page/generated/losses";
import { RULES } from "@page/generated/rules";
import { SurfaceObjective, SURFACES } from "@page/training/surface";
import { Neuron } from "@page/training/neuron";
import { Orders } from "@page/training/order";
import { ALL_RULES } from "@page/training/searching";
import type { Rows } from "@page/training/types";
import { stateAt, Walk } from "@page/training/walk";

interface Case {
  rule: string;
  rate: number;
  loss: string;
  batch: number | null;
  bias: boolean;
  l2: number;
  seed: number;
  start: number[];
  updates: number;
}

let rows: Rows;

function walk({ rule, rate, loss, batch, bias, l2, seed, start }: Case): Walk {
  const objective = new Neuron(rows, LOSSES[loss]!, { bias, l2 });
  const orders = new Orders(rows.count, seed);
  return new Walk({ objective, rule: ALL_RULES[rule]!, rate, bias, batch, orders }, stateAt([...start, ...(bias ? [0] : [])]));
}

/** Theta after each update, the start first. */
function path(found: Walk, updates: number): Float64Array {
  const size = found.theta.length;
  const all = new Float64Array((updates + 1) * size);
  all.set(found.theta);
  for (let t = 1; t <= updates; t++) {
    found.step();
    all.set(found.theta, t * size);
  }
  return all;
}

export const answers = {
  rules: () => Object.keys(RULES),
  rows: ([x, y, width]: [Float64Array, Float64Array, number]) => {
    rows = { count: y.length, width, x, y };
    return rows.count;
  },
  surface: ([name, rule, rate, updates]: [string, string, number, number]) => {
    const surface = SURFACES[name]!;
    const objective = new SurfaceObjective(surface);
    const plan = { objective, rule: ALL_RULES[rule]!, rate, bias: false, batch: null, orders: new Orders(1, 0) };
    const found = new Walk(plan, stateAt(surface.start));
    const { accuracy } = found.measure();
    return { path: path(found, updates), accuracy };
  },
  path: (asked: Case) => path(walk(asked), asked.updates),
  measured: (asked: Case) => {
    const found = walk(asked);
    const all = [found.measure()];
    for (let t = 1; t <= asked.updates; t++) {
      found.step();
      all.push(found.measure());
    }
    return { path: found.theta, seen: found.state.rows, measures: Float64Array.from(all.flatMap((m) => [m.loss, m.gradientNorm, m.accuracy])) };
  },
  /** Where a walk ends that is measured only at every so many updates. */
  glanced: ([asked, every]: [Case, number]) => {
    const found = walk(asked);
    for (let t = 0; t < asked.updates; t++) {
      if (t % every === 0) found.measure();
      found.step();
    }
    return found.theta;
  },
  /** Stop after so many updates, and go on from a copy of the state with another walk. */
  resumed: ([asked, after]: [Case, number]) => {
    const first = walk(asked);
    for (let t = 0; t < after; t++) first.step();
    const kept = first.state;
    first.step();
    const second = new Walk(first.plan, kept);
    for (let t = after; t < asked.updates; t++) second.step();
    return second.theta;
  },
};
