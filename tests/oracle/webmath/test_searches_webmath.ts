/** What test_searches_webmath.py asks. */

import { LOSSES } from "@page/generated/losses";
import { SurfaceObjective, SURFACES } from "@page/training/surface";
import { Neuron } from "@page/training/neuron";
import { Orders } from "@page/training/order";
import { ALL_RULES } from "@page/training/searching";
import { stateAt, Walk } from "@page/training/walk";
import type { Objective, SearchRule, Searcher } from "@page/training/types";

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

function searcherOf(name: string, size: number, rate: number): Searcher {
  return (ALL_RULES[name] as SearchRule).begin(size, rate, {});
}

/** Single updates, each from a state of its own. */
function updates({ states, ...task }: Task & { states: State[] }): object[] {
  const objective = neuron(task);
  return states.map(({ theta, slots }) => {
    const searcher = searcherOf(task.name, theta.length, task.rate);
    for (const [name, slot] of Object.entries(slots)) searcher.slots[name]!.set(slot);
    const there = theta.slice();
    const calls = searcher.update(there, objective);
    return { theta: there, slots: searcher.slots, calls };
  });
}

/** A whole run in the loop: theta after every update, and how many gradients of rows were asked for. */
function run({ start, steps, ...task }: Task & { start: Float64Array; steps: number }): object {
  const objective = neuron(task);
  const orders = new Orders(objective.count, 0);
  const { rate, bias } = task;
  const walk = new Walk({ objective, rule: ALL_RULES[task.name]!, rate, bias, batch: null, orders }, stateAt(start));
  const path = new Float64Array(steps * start.length);
  for (let k = 0; k < steps; k++) {
    walk.step();
    path.set(walk.theta, k * start.length);
  }
  return { path, rows: walk.seen };
}

function surface([name, of, steps]: [string, string, number]): Float64Array {
  const objective = new SurfaceObjective(SURFACES[of]!);
  const theta = Float64Array.from(SURFACES[of]!.start);
  const searcher = searcherOf(name, 2, 1);
  const path = new Float64Array(steps * 2);
  for (let k = 0; k < steps; k++) {
    searcher.update(theta, objective);
    path.set(theta, k * 2);
  }
  return path;
}

export const answers = { updates, run, surface };
