/** What is to be said of a runner on a surface, whose lowest points are known (as `playing/surface_judgement.py`). */

import type { Judgement } from "../protocol";
import { curvaturesOf, rateLimit } from "../training/curvature";
import type { Surface } from "../training/types";
import type { Session } from "./session";
import { trendOf } from "./trend";

/** Newton's step from beside a flat point is shorter than this share of the way to the minimum. */
const NEWTON_REACH = 0.1;
/** A step of no more than this share is none. */
const NO_STEP = 1e-6;
/** Where the slope, kept up all the way, leads down no more than this share of what is left, is a plateau. */
const PROMISED = 0.2;

/** What went wrong, and asks for another rate. */
const ASTRAY: readonly string[] = ["overflow", "climbing", "swinging"];

type Place = readonly [number, number];

export function judgedOn(session: Session, surface: Surface, runner: number): Judgement {
  const { rate, plain } = session.job(runner);
  const [x = 0, y = 0] = session.theta(runner);
  const best = session.bestStep(runner);
  const near = nearest(surface, [x, y]);
  const code = codeOf(session, surface, runner, [x, y], far([x, y], near));
  const [loss, norm] = [session.read(runner, "loss"), session.read(runner, "gradient_norm")];
  // Next to nothing bends on a plateau: the local limit alone would allow everything.
  const limit = plain && code !== "flat" ? localLimit(surface, [x, y]) : null;
  const beyond = limit !== null && rate > limit ? ["local"] : [];
  return {
    code,
    fields: {
      step: session.position, rate, learning_rate: rate, limit, ratio: limit === null ? null : rate / limit,
      back: best,
      start: session.read(runner, "loss", session.shown.first),
      loss,
      best: session.read(runner, "loss", best),
      above: loss - surface.lowest,
      gradient_norm: norm,
      far: far([x, y], near),
      x: near[0], y: near[1],
    },
    beside: ASTRAY.includes(code) ? [...beyond, "cures.rate"] : [],
    limits: limit === null ? null : { guaranteed: null, local: limit, full_batch: true },
    learned: null,
    reached: session.reached(runner),
  };
}

function codeOf(session: Session, surface: Surface, runner: number, theta: Place, left: number): string {
  const losses = session.losses(runner);
  const loss = session.read(runner, "loss");
  if (session.read(runner, "lost") > 0) return "overflow";
  if (session.reached(runner) !== null) return "arrived";
  if (losses.length === 1) return "descending";
  const trend = trendOf(losses, false, session.job(runner).plain);
  if (trend.rising) return "climbing";
  const flat = flatPoint(surface, theta, left);
  if (flat !== undefined) return flat;
  if (session.read(runner, "gradient_norm") * left <= PROMISED * (loss - surface.lowest)) return "flat";
  if (trend.cycling && session.bestStep(runner) < session.position) return "swinging";
  return session.config.surface === "saddle" && loss < 0 ? "escaped" : "descending";
}

/** Whether Newton's method leads to a saddle or a minimum close by; a hilltop is neither. */
function flatPoint(surface: Surface, [x, y]: Place, left: number): string | undefined {
  const [[dx, dy], [least, most]] = newton(surface, [x, y]);
  const first = Math.hypot(dx, dy);
  if (most <= 0 || !(first <= NEWTON_REACH * left)) return undefined;
  // In a bent valley a short step is followed by a long one.
  const [second] = newton(surface, [x - dx, y - dy]);
  if (!(Math.hypot(...second) <= Math.max(first / 2, NO_STEP * left))) return undefined;
  return least < 0 ? "saddle" : "trapped";
}

/** The step that Newton's method moves against, and the curvatures, the least first; infinite where one is 0. */
function newton(surface: Surface, [x, y]: Place): [step: Place, bends: Place] {
  const { values: [least = 0, most = 0], directions: [a = 0, b = 0, c = 0, d = 0] } = curvaturesOf(surface.hessian(x, y));
  const [g, h] = surface.gradient(x, y);
  const [one, two] = [(a * g + c * h) / least, (b * g + d * h) / most];
  return [[a * one + b * two, c * one + d * two], [least, most]];
}

function nearest({ minima }: Surface, theta: Place): Place {
  return minima.reduce((best, one) => (far(one, theta) < far(best, theta) ? one : best));
}

const far = ([x, y]: Place, [u, v]: Place): number => Math.hypot(x - u, y - v);

/** 2 over the largest curvature there; null where nothing bends upwards. */
function localLimit(surface: Surface, [x, y]: Place): number | null {
  return rateLimit(curvaturesOf(surface.hessian(x, y)).values[1] ?? 0);
}
