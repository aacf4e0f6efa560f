/** The trainings of a config: every optimizer with every loss, or on its surface. */

import { OPTIMIZERS } from "../generated/catalogue";
import { LOSSES } from "../generated/losses";
import { SEARCHES } from "../generated/rules";
import type { Config, Entry } from "../protocol";
import { Neuron } from "../training/neuron";
import { Orders } from "../training/order";
import { ALL_RULES } from "../training/searching";
import { SurfaceObjective, SURFACES } from "../training/surface";
import { withTerms } from "../training/terms";
import type { Rows, Surface } from "../training/types";
import type { Job } from "./job";
import { rowsOf } from "./rows";

/** Losses outside, optimizers inside. */
export function jobsOf(config: Config, rows: Rows = rowsOf(config)): Job[] {
  const { bias, terms, l2, seed } = config;
  const wide = withTerms(rows, terms);
  const orders = new Orders(rows.count, seed);
  const surface = SURFACES[config.surface];
  return config.loss.flatMap((loss) => {
    const formula = known(LOSSES, surface === undefined ? loss : "nll");
    const neuron = new Neuron(wide, formula, { bias, l2 });
    const held = rows.test && new Neuron(withTerms(rows.test, terms), formula, { bias, l2 });
    return config.optimizers.map((entry) => ({ ...jobOf(config, neuron, surface, orders, loss, entry), held }));
  });
}

function jobOf(config: Config, neuron: Neuron, surface: Surface | undefined, orders: Orders, loss: string, [optimizer, rate, own]: Entry): Omit<Job, "held"> {
  const { needs } = known(OPTIMIZERS, optimizer);
  // Who needs one function in all its steps takes all rows, whatever the others take.
  const size = config.batch === "all" || needs === "objective" ? neuron.count : Number(config.batch);
  return {
    loss, optimizer, rate, neuron, surface, searches: optimizer in SEARCHES,
    plan: { objective: surface === undefined ? neuron : new SurfaceObjective(surface), rule: known(ALL_RULES, optimizer), rate, settings: own ?? {}, bias: config.bias, batch: size < neuron.count ? size : null, orders },
    plain: optimizer === "gradient_descent" && own === undefined,
  };
}

function known<T>(catalogue: Readonly<Record<string, T>>, name: string): T {
  const found = catalogue[name];
  if (found === undefined) throw new Error(`nothing is called ${name}`);
  return found;
}

/** The weights to start from; those of further terms and a bias are 0. */
export function startOf({ start }: Config, [job]: readonly Job[]): Float64Array {
  const theta = new Float64Array(job?.neuron.size ?? 2);
  theta.set(start);
  return theta;
}
