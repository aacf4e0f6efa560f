/** The loop: batch after batch, each moves theta by the rule. States can be kept, and gone on from. */

import type { Orders } from "./order";
import type { Objective, Rule, Searcher, SearchRule, Settings, Stepper } from "./types";
import { lengthOf } from "./vectors";

export interface Plan {
  readonly objective: Objective;
  readonly rule: Rule | SearchRule;
  readonly rate: number;
  readonly settings?: Settings;
  /** Whether the last of theta is a bias. */
  readonly bias: boolean;
  /** Rows an update; null takes all of them. */
  readonly batch: number | null;
  /** Of the rows of a batch. */
  readonly orders: Orders;
}

/** Where a run stands: enough to go on from, to the last bit. */
export interface State {
  /** How many updates are done. */
  readonly update: number;
  /** How many of them the rule knows of: it begins anew where another one takes over. */
  readonly t: number;
  readonly theta: Float64Array;
  readonly slots: Readonly<Record<string, Float64Array>>;
  /** How many gradients of single rows were asked for. */
  readonly rows: number;
}

export interface Measures {
  readonly loss: number;
  readonly gradientNorm: number;
  /** The share of rows on the right side, z = 0 counting as class 0; NaN without rows. */
  readonly accuracy: number;
}

export function stateAt(theta: ArrayLike<number>): State {
  return { update: 0, t: 0, theta: Float64Array.from(theta), slots: {}, rows: 0 };
}

export class Walk {
  /** Live: the next update changes it. */
  readonly theta: Float64Array;
  private readonly stepper: Stepper | Searcher;
  private readonly gradient: Float64Array;
  private readonly batch: number;
  private readonly updates: number;
  private update: number;
  private t: number;
  private rows: number;
  /** The gradient at theta, if somebody has measured it since the last update. */
  private readonly known: Float64Array;
  private fresh = false;

  /** Begin, or go on, at a state; where it has no slots the rule begins anew. */
  constructor(
    readonly plan: Plan,
    state: State,
  ) {
    const { count, size } = plan.objective;
    this.theta = state.theta.slice();
    this.update = state.update;
    this.rows = state.rows;
    this.batch = Math.min(plan.batch ?? count, count);
    this.updates = Math.ceil(count / this.batch);
    this.gradient = new Float64Array(size);
    this.known = new Float64Array(size);
    this.stepper = begun(plan, this.theta);
    this.t = state.t;
    for (const [name, slot] of Object.entries(state.slots)) this.stepper.slots[name]?.set(slot);
  }

  get state(): State {
    const slots = Object.fromEntries(Object.entries(this.stepper.slots).map(([name, slot]) => [name, slot.slice()]));
    return { update: this.update, t: this.t, theta: this.theta.slice(), slots, rows: this.rows };
  }

  /** How many gradients of single rows were asked for. */
  get seen(): number {
    return this.rows;
  }

  /** What theta costs on all rows. */
  measure(): Measures {
    const loss = this.plan.objective.both(this.theta, this.known);
    this.fresh = true;
    return { loss, gradientNorm: lengthOf(this.known), accuracy: this.plan.objective.accuracy() };
  }

  /** One update. */
  step(): void {
    const { plan, stepper, theta, gradient } = this;
    const t = this.t + 1;
    if ("update" in stepper) this.rows += stepper.update(theta, plan.objective) * plan.objective.count;
    else {
      const point = stepper.point(theta, t, plan.rate);
      this.rows += this.ask(point, gradient);
      stepper.step(theta, gradient, t, plan.rate);
    }
    this.fresh = false;
    this.update++;
    this.t = t;
  }

  /** The gradient of the next batch at a point; how many rows it has. */
  private ask(point: Float64Array, out: Float64Array): number {
    const { objective, orders } = this.plan;
    if (this.plan.batch === null || this.batch === objective.count) {
      // All rows are one function in any order, and who has just been measured need not be asked again.
      if (this.fresh && point === this.theta) out.set(this.known);
      else objective.gradient(point, out);
      return objective.count;
    }
    const epoch = Math.floor(this.update / this.updates);
    const from = (this.update - epoch * this.updates) * this.batch;
    const to = Math.min(from + this.batch, objective.count);
    objective.gradient(point, out, orders.at(epoch), from, to);
    return to - from;
  }
}

function begun({ rule, rate, bias, settings = {} }: Plan, theta: Float64Array): Stepper | Searcher {
  return "begin" in rule ? rule.begin(theta.length, rate, settings) : rule.make(theta, rate, settings, bias);
}
