/** One update of a runner taken apart, for the drawer. */

import { MENUS, OPTIMIZERS } from "../generated/catalogue";
import type { UpdateDetail } from "../inside";
import { traceFormula } from "../training/formula_trace";
import type { Rule, SearchRule } from "../training/types";
import type { Plan, State } from "../training/walk";
import { Walk } from "../training/walk";
import { pythonCode } from "./copy";
import { exampleDetail, stepDetail } from "./example";
import { Refusal } from "./link";
import type { Session } from "./session";

/**
 * Shown is the update that led to the step where the session stands; where nothing led there, the one that comes
 * next; of a runner that has left all numbers the last one that it kept.
 */
export function exampleOf(session: Session, runner: number, row: number): UpdateDetail {
  const { shown, position, config } = session;
  const { job, update, lost } = shown.runners[runner] ?? {};
  if (job === undefined || update === undefined) throw new Refusal("playground.inside.runner", { runner, most: session.jobs.length - 1 });
  const { neuron, plan, loss } = job;
  const { rows, settings: { bias, l2 } } = neuron;
  const before = session.state(runner, Math.max(shown.first, Math.min(position, update) - 1));
  const batch = batchOf(plan, before.update);
  const number = batch[row];
  if (number === undefined) throw new Refusal("playground.inside.row", { row, most: batch.length - 1 });
  const step = updateOf(plan, before, batch);
  const slots = isSearch(plan.rule) ? step.after.slots : before.slots;
  const seen = {
    runner,
    step: before.update + 1,
    coming: position === shown.first,
    lost: lost === true && position > before.update + 1,
    elsewhere: OPTIMIZERS[job.optimizer]?.needs === "gradient at its point",
    theta: before.theta,
    gradient: step.gradient,
    lines: traceFormula(plan.rule, {
      settings: plan.settings ?? {}, rate: plan.rate, t: before.t + 1, bias, theta: before.theta, gradient: step.gradient, slots,
    }),
    code: pythonCode(config, position, runner),
  };
  if (job.surface !== undefined) return stepDetail(seen);
  return exampleDetail({
    ...seen,
    row, number, bias,
    size: batch.length,
    x: [...rows.x.subarray(number * rows.width, (number + 1) * rows.width)],
    y: rows.y[number] as number,
    featureNames: ["x₁", "x₂", ...shown.config.terms.map((name) => MENUS.terms[name] ?? name)],
    lossName: loss,
    loss: neuron.loss,
    point: step.point,
    penalty: l2 === 0 ? null : step.point.map((weight, j) => (j < rows.width ? l2 * weight : 0)),
  });
}

/** The rows of an update, counted from 0. */
function batchOf({ batch, objective: { count }, orders }: Plan, update: number): Int32Array {
  if (batch === null) return Int32Array.from({ length: count }, (_, row) => row);
  const updates = Math.ceil(count / batch);
  const from = (update % updates) * batch;
  return orders.at(Math.floor(update / updates)).slice(from, Math.min(count, from + batch));
}

interface Taken {
  point: Float64Array;
  gradient: Float64Array;
  after: State;
}

/** One update from a state: where the rule wanted its gradient, what that was, and where it led. */
function updateOf(plan: Plan, before: State, batch: Int32Array): Taken {
  const { rule, objective } = plan;
  const point = isSearch(rule) ? before.theta : pointOf(rule, plan, before);
  const gradient = new Float64Array(objective.size);
  objective.gradient(point, gradient, batch, 0, batch.length);
  const walk = new Walk(plan, before);
  walk.step();
  return { point, gradient, after: walk.state };
}

function pointOf(rule: Rule, { rate, settings, bias }: Plan, before: State): Float64Array {
  const stepper = rule.make(before.theta, rate, { ...rule.defaults, ...settings }, bias);
  for (const [name, slot] of Object.entries(before.slots)) stepper.slots[name]?.set(slot);
  return stepper.point(before.theta, before.t + 1, rate).slice();
}

const isSearch = (rule: Rule | SearchRule): rule is SearchRule => "begin" in rule;
