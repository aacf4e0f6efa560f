/** What test_rules_webmath.py asks. */

import { RULES } from "@page/generated/rules";
import { traceFormula, type TracedStep } from "@page/training/formula_trace";
import { general } from "@page/training/general";
import { ALL_RULES } from "@page/training/searching";
import type { FormulaLine, Settings, Stepper } from "@page/training/types";

interface Case {
  readonly name: string;
  readonly settings: Settings;
  readonly rates: Float64Array;
  readonly theta: Float64Array;
}

interface Step {
  readonly t: number;
  readonly theta: Float64Array;
  readonly gradient: Float64Array;
  readonly slots: Record<string, Float64Array>;
}

const make = ({ name, settings, rates, theta }: Case): Stepper => RULES[name]!.make(theta, rates[0]!, settings, true);

/** One update after another on the bowl of a matrix. */
function walk({ matrix, ...asked }: Case & { matrix: Float64Array }): Float64Array {
  const [stepper, theta, d] = [make(asked), asked.theta.slice(), asked.theta.length];
  const path = new Float64Array(asked.rates.length * d);
  asked.rates.forEach((rate, k) => {
    const point = stepper.point(theta, k + 1, rate);
    const gradient = theta.map((_, i) => point.reduce((sum, x, j) => sum + matrix[i * d + j]! * x, 0));
    stepper.step(theta, gradient, k + 1, rate);
    path.set(theta, k * d);
  });
  return path;
}

/** Single updates, each from a state of its own. */
function updates({ steps, ...asked }: Case & { steps: Step[] }): object[] {
  return steps.map(({ t, theta, gradient, slots }) => {
    const stepper = make(asked);
    const there = theta.slice();
    for (const [name, slot] of Object.entries(slots)) stepper.slots[name]!.set(slot);
    const point = stepper.point(there, t, asked.rates[t - 1]!).slice();
    stepper.step(there, gradient.slice(), t, asked.rates[t - 1]!);
    return { point, theta: there, slots: stepper.slots };
  });
}

function traces({ name, steps }: { name: string; steps: TracedStep[] }): FormulaLine[][] {
  return steps.map((step) => traceFormula(ALL_RULES[name]!, step));
}

export const answers = {
  names: () => Object.keys(ALL_RULES),
  defaults: (name: string) => ALL_RULES[name]!.defaults,
  begun: (asked: Case) => make(asked).slots,
  walk,
  updates,
  traces,
  general: (numbers: Float64Array) => Array.from(numbers, general),
};
