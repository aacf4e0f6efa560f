/** The numbers of a run that a lesson can ask for, by name (as `playing/measures.py`). */

import type { Curvatures } from "../training/curvature";
import { curvaturesOf } from "../training/curvature";
import { rateLimits } from "../training/limits";
import type { MeasureData as Measure } from "./data";
import type { Session } from "./session";

type Taken = (session: Session, measure: Measure, until: number) => number | null;

/** A number of a session that has been played to a step; null for an event that has not come by then. */
export function take(session: Session, measure: Measure, until: number): number | null {
  const taken = MEASURES[measure.kind];
  if (taken === undefined) throw new Error(`no such measure: ${measure.kind}`);
  return taken(session, measure, until);
}

/** A loss that is larger by a smaller part than this is larger by rounding. */
const RISE = 1e-9;

/** What was at every step up to one. */
const along = <T>(until: number, at: (step: number) => T): T[] => Array.from({ length: until + 1 }, (_, step) => at(step));

/** The first step from which on something holds; what held and holds no more begins anew. */
const since = (until: number, holds: (step: number) => boolean): number | null =>
  along(until, holds).reduce<number | null>((first, here, step) => (here ? (first ?? step) : null), null);

const minimum = (session: Session, { runner }: Measure): Float64Array => session.minimum(runner);

/** From the lowest point to where the runner stood at each step. */
function away(session: Session, measure: Measure, until: number): number[][] {
  const lowest = minimum(session, measure);
  return along(until, (step) => Array.from(session.theta(measure.runner, step), (x, j) => x - (lowest[j] ?? 0)));
}

const square = (vector: readonly number[]): number => vector.reduce((sum, x) => sum + x * x, 0);

function job(session: Session, { runner }: Measure): Session["jobs"][number] {
  return session.job(runner);
}

const bends = (session: Session, measure: Measure): Curvatures =>
  curvaturesOf(job(session, measure).neuron.hessian(minimum(session, measure)));

/** The first step from which on the loss stays within `detail` of the lowest; who passes by goes on. */
const arrived: Taken = (session, { runner, detail }, until) => {
  const bound = session.lowest(runner) + detail;
  return since(until, (step) => session.read(runner, "loss", step) <= bound);
};

/** The first step from which on the sharpness stays within 2 over the rate. */
const stable: Taken = (session, { runner }, until) =>
  since(until, (step) => {
    const [sharp, edge] = session.shown.sharpness(runner, step);
    return sharp <= edge;
  });

/** How many steps have raised the loss. */
const rises: Taken = (session, { runner }, until) => {
  const losses = along(until, (step) => session.read(runner, "loss", step));
  return losses.filter((loss, step) => step > 0 && loss > (losses[step - 1] as number) * (1 + RISE)).length;
};

/** The share of right answers among the rows that are where they belong. */
const cleanAccuracy: Taken = (session, measure, until) => {
  const { neuron } = job(session, measure);
  const z = neuron.logitsOf(session.theta(measure.runner, until));
  const { clean } = session;
  return clean.filter((row) => (z[row] as number) > 0 === (neuron.rows.y[row] as number) > 0.5).length / clean.length;
};

/** The derivative that plain descent must have seen on its first step. */
const slope: Taken = (session, { runner, detail }) =>
  ((session.theta(runner, 0)[detail] ?? 0) - (session.theta(runner, 1)[detail] ?? 0)) / session.job(runner).rate;

/** The root of the mean square distance to the lowest point, over the last `detail` steps. */
const distance: Taken = (session, measure, until) => {
  const last = away(session, measure, until).slice(-measure.detail);
  return Math.sqrt(last.reduce((sum, vector) => sum + square(vector), 0) / last.length);
};

/** The root of the mean square length of the last `detail` steps. */
const stride: Taken = (session, { runner, detail }, until) => {
  let sum = 0;
  for (let step = until - detail + 1; step <= until; step++) sum += session.read(runner, "moved", step) ** 2;
  return Math.sqrt(sum / detail);
};

/** How often the steepest direction through the lowest point changed its sign. */
const crossings: Taken = (session, measure, until) => {
  const { directions, values: { length } } = bends(session, measure);
  const steepest = (j: number): number => directions[(j + 1) * length - 1] as number;
  const across = away(session, measure, until).map((vector) => vector.reduce((sum, x, j) => sum + x * steepest(j), 0));
  return across.slice(1).filter((value, i) => value * (across[i] ?? 0) < 0).length;
};

/** The largest curvature over the smallest, at the lowest point. */
const condition: Taken = (session, measure) => {
  const { values } = bends(session, measure);
  const [least = 0, most = 0] = [values[0], values.at(-1)];
  return least > 0 ? most / least : null;
};

export const MEASURES: Record<string, Taken> = {
  loss: (session, { runner }, until) => session.read(runner, "loss", until),
  accuracy: (session, { runner }, until) => session.read(runner, "accuracy", until),
  gradient_norm: (session, { runner }, until) => session.read(runner, "gradient_norm", until),
  moved: (session, { runner }, until) => session.read(runner, "moved", until),
  learned: (session, { runner }, until) => session.learned(runner, until),
  arrived,
  excess: (session, { runner }, until) => Math.max(0, session.read(runner, "loss", until) - session.lowest(runner)),
  clean_accuracy: cleanAccuracy,
  top_accuracy: (session, _, until) => Math.max(...session.jobs.map((_, runner) => session.read(runner, "accuracy", until))),
  length: (session, { runner }, until) => Math.sqrt(square([...session.theta(runner, until).subarray(0, session.rows.width)])),
  weight: (session, { runner, detail }, until) => session.theta(runner, until)[detail] ?? 0,
  best_weight: (session, measure) => minimum(session, measure)[measure.detail] ?? 0,
  slope,
  first_gradient: (session, { runner }) => session.read(runner, "gradient_norm", 0),
  distance,
  stride,
  crossings,
  condition,
  sharpness: (session, { runner }, until) => session.shown.sharpness(runner, until)[0],
  sharpest: (session, { runner }, until) => Math.max(...along(until, (step) => session.shown.sharpness(runner, step)[0])),
  edge: (session, { runner }, until) => session.shown.sharpness(runner, until)[1],
  stable,
  rises,
  limit: (session, measure) => rateLimits(job(session, measure).neuron, minimum(session, measure), true).local,
};
