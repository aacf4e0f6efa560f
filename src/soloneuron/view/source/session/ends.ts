/** How a run ended if the step that is shown is its last, and why (as `training/ends.py` and `causes.py`). */

import { guaranteedLimit, rateLimits } from "../training/limits";
import type { Job } from "./job";
import { updates } from "./job";
import type { Reach, Scale } from "./scale";
import { reachOf } from "./scale";
import type { Trend } from "./trend";
import { mean, trendOf } from "./trend";

/** One that spans less than this share of its loss stands still; a loss this much higher is higher. */
const STILL = 1e-3;
/** A gain of less than this share of the untrained loss is not missed. */
const WORTH = 1e-3;
/** A run that would need so many times its last half for what one column could gain does not move. */
const HALVES = 100;
/** A last half that spans less than this share of the untrained loss is looked at closely. */
const [FLAT, SLOW] = [1 / HALVES, 0.1];
/** Epochs after which a run can be said not to move. */
const FEWEST_EPOCHS = 10;
/** Below this share of the slope at weights of 0 a loss that is not convex has lost its slope. */
const SATURATED = 0.1;
/** Rows pull against each other where the gradient is this much shorter than their slopes allow. */
const CANCELED = 1e-3;
/** Columns whose scales differ by more than this explain why a run is slow or wild. */
const UNEVEN = 100;
/** A plateau's gradient is so many times shorter than that of a slope. */
const FLATTER = 100;
/** A rate below this share of its limit is too small, whatever the columns are like. */
const CRAWL = 0.01;

export type Fields = Record<string, number | string | boolean | null>;

export interface Outcome {
  readonly kind: string;
  readonly fields: Fields;
}

export interface Ended {
  readonly job: Job;
  readonly scale: Scale;
  readonly theta: Float64Array;
  /** The loss at every step, the present one too. */
  readonly losses: Float64Array;
  /** The length of the gradient at the start and now. */
  readonly gradients: readonly [number, number];
  /** The next step would leave the range of numbers. */
  readonly lost: boolean;
}

export function outcomeOf(ended: Ended): Outcome {
  const run = new Ends(ended);
  const done = ended.losses.length - 1;
  if (ended.lost) return { kind: "overflow", fields: { epoch: done + 1, dtype: "float64", largest: run.largest, ...run.cause("overflow") } };
  if (done === 0) return { kind: "finished", fields: { epochs: 0 } };
  const kind = run.kind();
  return { kind, fields: run.fields(kind) };
}

class Ends {
  private readonly path: Trend;
  private readonly reach: Reach | null;
  private readonly uneven: boolean;

  constructor(private readonly of: Ended) {
    const { job, scale, losses, gradients } = of;
    // Beside a kink no constant rate comes to rest.
    const noisy = updates(job) > 1 || !job.neuron.smooth;
    this.path = trendOf(losses, noisy, job.plain && !noisy);
    this.uneven = scale.largest >= UNEVEN * scale.least;
    const flat = this.path.spread <= (this.uneven ? SLOW : FLAT) * scale.untrained.value;
    const small = gradients[1] <= 1e-3 * gradients[0];
    this.reach = flat || small ? reachOf(job.neuron, scale, of.theta, this.path.end) : null;
  }

  /** Of several ends the first that holds is told. */
  kind(): string {
    const { path } = this;
    if (path.rising) return "diverging";
    if (path.cycling) return "oscillating";
    if (this.saturated || this.stuck || this.stranded) return "plateau";
    const above = path.end > this.of.scale.untrained.value * (1 + STILL);
    if (above && (path.risen || path.fall <= path.spread / 4)) return "worse_than_untrained";
    return this.converged ? "converged" : "finished";
  }

  fields(kind: string): Fields {
    const { losses, scale, gradients } = this.of;
    const done = losses.length - 1;
    if (kind === "converged") return { gradient_norm: gradients[1] };
    if (kind === "finished") return { epochs: done, ...(this.slowed ? this.cause(kind) : {}) };
    const window = Math.max(1, Math.min(done, Math.max(4, Math.floor(done / 10))));
    const numbers: Fields = { loss: this.path.end, start: this.path.start, window };
    if (kind === "oscillating") numbers["loss"] = mean(losses.subarray(done - window, done));
    if (kind === "worse_than_untrained") numbers["untrained"] = scale.untrained.value;
    if (kind === "plateau") Object.assign(numbers, { window: Math.max(1, Math.floor(done / 2)), spread: this.path.spread });
    return { ...numbers, ...this.cause(kind) };
  }

  get largest(): number {
    return this.of.job.neuron.rows.x.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  }

  /** What to change first, with its numbers, and both limits where the rate is what is wrong. */
  cause(kind: string): Fields {
    const { job, scale } = this.of;
    const cause = this.named(kind);
    const about: Fields = { cause, learning_rate: job.rate, auto: job.optimizer === "gradient_descent" };
    Object.assign(about, { least_scale: scale.least, largest_scale: scale.largest });
    const told = (kind !== "plateau" && kind !== "finished") || cause === "rate" || cause === "small_rate";
    return told ? { ...about, ...this.beside(cause !== "small_rate") } : about;
  }

  /** Both limits of the rate, and how many times each it is. */
  private beside(beyond: boolean): Fields {
    const { job, theta } = this.of;
    if (!job.plain) return {};
    const limits = rateLimits(job.neuron, theta, job.plan.batch === null);
    const ratio = (limit: number | null): number | null => (limit === null ? null : job.rate / limit);
    const [guaranteed, local] = [ratio(limits.guaranteed), ratio(limits.local)];
    if (Math.max(guaranteed ?? 0, local ?? 0) <= Number(beyond)) return {};
    return { ...limits, guaranteed_ratio: guaranteed, local_ratio: local };
  }

  private named(kind: string): string {
    const { job, scale } = this.of;
    const search = job.searches ? "search" : undefined;
    if (kind !== "plateau") return this.uneven ? "scale" : (search ?? "rate");
    if (!job.neuron.loss.convex && (this.saturated || this.stranded)) {
      return this.thrown ? (this.uneven ? "scale" : "rate") : "saturated";
    }
    const narrow = this.reach === null ? this.uneven : scale.largest >= UNEVEN * this.reach.column;
    return narrow && !this.crawls ? "scale" : (search ?? "small_rate");
  }

  /** No better than one answer for all rows, where the loss has lost its slope without being least. */
  private get saturated(): boolean {
    const { reach, path } = this;
    if (reach === null || this.of.job.neuron.loss.convex) return false;
    const still = path.spread <= STILL * Math.abs(path.end) && !path.risen;
    return still && reach.slope <= SATURATED && path.end >= 0.98 * this.of.scale.constant;
  }

  /** The losses stand still although one column alone could make them much lower. */
  private get stuck(): boolean {
    return this.worth !== null && this.path.spread <= this.worth / HALVES;
  }

  /** The losses stand still although weights of 0 would make them much lower. */
  private get stranded(): boolean {
    const untrained = this.of.scale.untrained.value;
    const above = this.path.end - untrained;
    const still = this.path.spread <= above / HALVES && !this.path.risen;
    return this.aged && still && above > WORTH * untrained;
  }

  /** The gradient is zero beside the scale of the data, and not because the slopes have vanished. */
  private get converged(): boolean {
    const { reach, path, of } = this;
    if (reach === null) return false;
    // A line search cannot go on where the loss itself no longer tells two points apart.
    const blind = path.spread <= 16 * Number.EPSILON * Math.abs(path.end);
    let zero = reach.steepness <= Math.sqrt(Number.EPSILON) || (blind && reach.gain <= Math.sqrt(Number.EPSILON) * WORTH);
    if (!of.job.neuron.loss.convex || (of.job.neuron.loss.strictlyDecreasing && of.job.neuron.settings.l2 === 0)) {
      const least = path.end <= 1e-12 * of.scale.untrained.value;
      zero &&= reach.steepness < CANCELED * reach.slope || (reach.slope === 0 && least);
    }
    return zero && !path.risen;
  }

  /** The scales of the columns explain why a run still falls, but could have fallen much further. */
  private get slowed(): boolean {
    return this.uneven && this.worth !== null && Math.abs(this.path.fall) <= this.worth;
  }

  /** What one column could gain, where that is worth a word and the run is old enough. */
  private get worth(): number | null {
    const gain = this.reach?.gain ?? 0;
    return this.aged && gain > WORTH * this.of.scale.untrained.value ? gain : null;
  }

  private get aged(): boolean {
    return this.of.losses.length > FEWEST_EPOCHS;
  }

  /** The rate is far below its limit. */
  private get crawls(): boolean {
    const { job } = this.of;
    const limit = job.plain ? guaranteedLimit(job.neuron) : null;
    return limit !== null && job.rate < CRAWL * limit;
  }

  /** A rate above its limit took the run to a plateau that it did not start from. */
  private get thrown(): boolean {
    const { job, gradients } = this.of;
    const limit = job.plain ? guaranteedLimit(job.neuron) : null;
    return limit !== null && job.rate > limit && gradients[0] > FLATTER * gradients[1];
  }
}
