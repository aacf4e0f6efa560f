/** What part of the landscape to look at, and how low it goes. */

import type { Config } from "../protocol";
import type { Minimum } from "../training/minimum";
import { lowestOf } from "../training/minimum";
import type { Window } from "../training/types";
import type { Job } from "./job";
import { windowOf, windowWith } from "./window";

export interface Landscape {
  readonly window: Window;
  /** The lowest value that a search found, and where, by the loss's name. */
  readonly lowest: Record<string, number>;
  readonly minima: Record<string, Float64Array>;
}

/** Who runs, from where and in which batches does not move the lowest point, so it is looked for once. */
const known = new Map<string, Minimum>();
const MOST_KNOWN = 64;

/** A window with the start, the origin and the lowest points in it. */
export function landscapeOf(config: Config, jobs: readonly Job[]): Landscape {
  const lowest: Record<string, number> = {};
  const minima: Record<string, Float64Array> = {};
  for (const job of jobs) {
    const { surface } = job;
    if (surface !== undefined) {
      const minima = { [job.loss]: Float64Array.from(surface.minima[0] ?? []) };
      return { window: windowWith(surface.window, config.start), lowest: { [job.loss]: surface.lowest }, minima };
    }
    if (job.loss in lowest) continue;
    const found = searched(config, job);
    [lowest[job.loss], minima[job.loss]] = [found.lowest, found.theta];
  }
  const points = Object.values(minima).map((theta): [number, number] => [theta[0] ?? 0, theta[1] ?? 0]);
  return { window: windowOf([config.start], points), lowest, minima };
}

function searched({ bias, l2 }: Config, { loss, neuron }: Job): Minimum {
  // By the rows themselves: edited ones are no longer those that the config names.
  const key = [loss, bias, l2, neuron.rows.x.join(), neuron.rows.y.join()].join(" ");
  const found = known.get(key) ?? lowestOf(neuron);
  known.delete(key);
  known.set(key, found);
  for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
  return found;
}
