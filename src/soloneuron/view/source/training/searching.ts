/** What rules with a line search have in common: counting what they ask, and rounding off the kinks of a loss. */

import { RULES, SEARCHES, VALUED } from "../generated/rules";
import { ConjugateGradient } from "./conjugate";
import { Lbfgs } from "./lbfgs";
import { NewtonSearch } from "./newton_search";
import type { Objective, Paper, Rule, Searcher, SearchRule, Settings } from "./types";

/** A method that goes down a function without kinks. */
export interface Descent {
  readonly slots: Readonly<Record<string, Float64Array>>;
  /** A kink becomes narrower where no more than this share of its width is left to gain, */
  readonly near: number;
  /** and never narrower than this. */
  readonly narrowest: number;
  /** Move theta along one direction; how much may be left to gain. */
  descend(objective: Counted, theta: Float64Array): number;
  /** The function changes: its bends are no longer known. */
  forget(): void;
}

type Make = (size: number, rate: number, settings: Settings) => Descent;

const METHODS: Readonly<Record<string, Make>> = {
  lbfgs: (size, rate, settings) => new Lbfgs(size, rate, settings),
  newton: (size, rate) => new NewtonSearch(size, rate),
  conjugate_gradient: (size, rate, settings) => new ConjugateGradient(size, rate, settings),
};

/** By how much a rounded kink becomes narrower at a time. */
const NARROWER = 0.2;

/** Logits are not known better. */
const LEAST_WIDTH = 64 * Number.EPSILON;

/** An objective that counts what it is asked for, in gradients. */
export class Counted {
  calls = 0;

  constructor(readonly objective: Objective) {}

  both(theta: Float64Array, out: Float64Array): number {
    this.calls++;
    return this.objective.both(theta, out);
  }

  value(theta: Float64Array): number {
    this.calls++;
    return this.objective.value(theta);
  }

  hessian(theta: Float64Array): Float64Array {
    this.calls += theta.length;
    return this.objective.hessian(theta);
  }

  convexHessian(theta: Float64Array): Float64Array {
    this.calls += theta.length;
    return this.objective.convexHessian(theta);
  }
}

/** The method of that name, beginning at a theta of some size. */
export function makeSearcher(name: string, size: number, rate: number, settings: Settings): Searcher {
  const rule = VALUED[name];
  if (rule) return valued(rule, size, rate, settings);
  const method = METHODS[name]!(size, rate, { ...SEARCHES[name]!.defaults, ...settings });
  return { slots: method.slots, update: (theta, objective) => updated(method, theta, objective) };
}

/** Every optimizer, those that search among them. */
export const ALL_RULES: Readonly<Record<string, Rule | SearchRule>> = {
  ...RULES,
  ...Object.fromEntries(Object.entries({ ...SEARCHES, ...VALUED }).map(([name, paper]) => [name, searchRule(name, paper)])),
};

function searchRule(name: string, paper: Paper): SearchRule {
  return { ...paper, begin: (size, rate, settings) => makeSearcher(name, size, rate, settings) };
}

/** A rule that steps by the value and the gradient of theta: one evaluation an update. */
function valued(rule: Rule, size: number, rate: number, settings: Settings): Searcher {
  const gradient = new Float64Array(size);
  const { slots, step } = rule.make(new Float64Array(size), rate, settings, true);
  return {
    slots,
    update(theta, objective) {
      slots.f![0] = objective.both(theta, gradient);
      // Its lines do not ask for the number of the step.
      step(theta, gradient, 1, rate);
      return 1;
    },
  };
}

/** Of a loss with kinks the minimum of a rounded one is followed while the kinks become narrower. */
function updated(method: Descent, theta: Float64Array, objective: Objective): number {
  const { narrowed, decrement, step } = method.slots as Record<string, Float64Array>;
  const width = Math.max(NARROWER ** narrowed![0]!, method.narrowest, LEAST_WIDTH);
  const rounded = objective.smooth ? objective : objective.rounded(width);
  const counted = new Counted(rounded);
  const left = method.descend(counted, theta);
  if (rounded === objective) return counted.calls;
  decrement![0] = 2 * (left + width);
  if (left <= method.near * width || step!.every((x) => x === 0)) {
    narrowed![0]!++;
    method.forget();
  }
  // What is recorded is the function itself, asked once where the update began.
  return counted.calls + 1;
}
