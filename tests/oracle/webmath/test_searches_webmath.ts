/** What test_searches_webmath.py asks. */

import { LOSSES } from "@page/generated/losses";
import { SURFACES } from "@page/generated/surfaces";
import { Neuron } from "@page/training/neuron";
import { makeSearcher } from "@page/training/searching";
import { SurfaceObjective } from "@page/training/surface";
import type { Objective } from "@page/training/types";

interface Task {
  readonly name: string;
  readonly rate: number;
  readonly loss: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly bias: boolean;
  readonly l2: number;
}

interface State {
  readonly theta: Float64Array;
  readonly slots: Record<string, Float64Array>;
}

function neuron({ loss, x, y, bias, l2 }: Task): Objective {
  const rows = { count: y.length, width: x.length / y.length, x, y };
  return new Neuron(rows, LOSSES[loss]!, { bias, l2 });
}

/** Single updates, each from a state of its own. */
function updates({ states, ...task }: Task & { states: State[] }): object[] {
  const objective = neuron(task);
  return states.map(({ theta, slots }) => {
    const searcher = makeSearcher(task.name, theta.length, task.rate, {});
    for (const [name, slot] of Object.entries(slots)) searcher.slots[name]!.set(slot);
    const there = theta.slice();
    const calls = searcher.update(there, objective);
    return { theta: there, slots: searcher.slots, calls };
  });
}

function walk(name: string, rate: number, objective: Objective, start: Float64Array, steps: number): Float64Array {
  const theta = start.slice();
  const searcher = makeSearcher(name, theta.length, rate, {});
  const path = new Float64Array(steps * theta.length);
  for (let k = 0; k < steps; k++) {
    searcher.update(theta, objective);
    path.set(theta, k * theta.length);
  }
  return path;
}

export const answers = {
  updates,
  walk: ({ start, steps, ...task }: Task & { start: Float64Array; steps: number }) =>
    walk(task.name, task.rate, neuron(task), start, steps),
  surface: ([name, surface, steps]: [string, string, number]) =>
    walk(name, 1, new SurfaceObjective(SURFACES[surface]!), Float64Array.from(SURFACES[surface]!.start), steps),
};
