/** What is to be said of every runner now, as codes and numbers (as `playing/judgement.py`). */

import type { Judgement, Status } from "../protocol";
import { LIMITS } from "../generated/catalogue";
import type { Fields, Outcome } from "./ends";
import { outcomeOf } from "./ends";
import { rateLimits } from "../training/limits";
import type { Session } from "./session";
import { judgedOn } from "./surface_judgement";

/** Who has all points right with a larger share of this still to gain has not learned, only turned the right way. */
const STILL_TO_GAIN = 0.1;

export function statusOf(session: Session): Omit<Status, "playing"> {
  return { step: session.position, runners: session.jobs.map((_, runner) => judged(session, runner)) };
}

/** How a runner's training ended if the step that is shown is its last. */
export function endOf(session: Session, runner: number): Outcome {
  return outcomeOf({
    job: session.job(runner),
    scale: session.scale(runner),
    theta: session.theta(runner),
    losses: session.losses(runner),
    gradients: [session.read(runner, "gradient_norm", session.shown.first), session.read(runner, "gradient_norm")],
    lost: session.read(runner, "lost") > 0,
  });
}

function judged(session: Session, runner: number): Judgement {
  const job = session.job(runner);
  if (job.surface !== undefined) return judgedOn(session, job.surface, runner);
  const outcome = endOf(session, runner);
  const [best, learned] = [session.bestStep(runner), session.learned(runner)];
  const limits = job.plain ? rateLimits(job.neuron, session.theta(runner, best), job.plan.batch === null) : null;
  // Next to nothing bends on a plateau: the local limit alone would allow everything.
  const alone = limits !== null && limits.guaranteed === null && outcome.kind === "plateau";
  const start = session.theta(runner, session.shown.first);
  // Who was never lower than now gets lower, whatever the swing.
  const fine = outcome.kind === "finished" || (outcome.kind === "oscillating" && best === session.position);
  const going = learned === null ? "running" : near(session, runner) ? "learned" : "right";
  return {
    code: fine ? going : outcome.kind,
    fields: {
      ...outcome.fields,
      step: session.position,
      rate: job.rate,
      back: best,
      loss: session.read(runner, "loss"),
      best: session.read(runner, "loss", best),
      gradient_norm: session.read(runner, "gradient_norm"),
      accuracy: session.read(runner, "accuracy"),
      moved: Math.hypot(...Array.from(session.theta(runner), (x, j) => x - (start[j] ?? 0))),
      learned,
      lowest: session.lowest(runner),
    },
    beside: fine ? [] : beside(outcome),
    limits: alone ? { ...limits, local: null } : limits,
    learned,
    reached: session.reached(runner),
  };
}

/** Whether nine tenths are gained of what there is to gain, from weights of 0 to the lowest loss. */
function near(session: Session, runner: number): boolean {
  const [lowest, untrained] = [session.lowest(runner), session.scale(runner).untrained.value];
  return session.read(runner, "loss") <= lowest + Math.max(LIMITS.near_lowest, STILL_TO_GAIN * (untrained - lowest));
}

/** Both limits of the rate where it is beyond one, and the cure. */
function beside({ kind, fields }: Outcome): string[] {
  if (kind === "plateau") return [];
  const limits = limitsKey(fields);
  const cause = fields["cause"] ?? null;
  const guide = limits !== null && fields["full_batch"] === false ? ["full_batch"] : [];
  return [...(limits === null ? [] : [limits]), ...guide, ...(cause === null ? [] : [`cures.${cause}`])];
}

/** Which sentence tells of the limits that fields hold. */
function limitsKey({ guaranteed = null, local = null }: Fields): string | null {
  if (guaranteed !== null) return local !== null ? "limits" : "guaranteed_alone";
  return local !== null ? "local_alone" : null;
}
