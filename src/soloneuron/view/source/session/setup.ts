/** What the page must know of a session before its first frame. */

import { LIMITS } from "../generated/catalogue";
import type { Setup } from "../protocol";
import type { Rows } from "../training/types";
import { writeLink } from "./link";
import type { Session } from "./session";

export function setupOf(session: Session): Setup {
  const { config, shown: { config: now, jobs, landscape, first } } = session;
  const { rows } = session;
  return {
    link: writeLink(config),
    config: { ...now, step: config.step, lesson: config.lesson },
    changes: session.changes,
    runners: jobs.map(({ loss, optimizer, rate }) => ({ loss, optimizer, rate })),
    data: inPlane(rows),
    test: rows.test && inPlane(rows.test),
    begin: jobs.map((_, runner) => ({
      loss: session.read(runner, "loss", first),
      gradient_norm: session.read(runner, "gradient_norm", first),
      accuracy: session.read(runner, "accuracy", first),
    })),
    columns: session.parameters,
    window: [...landscape.window],
    lowest: landscape.lowest,
    near: LIMITS.near_lowest,
    enough: LIMITS.learned_accuracy,
  };
}

/** What is drawn of rows; whoever wants more columns has the terms for it. */
function inPlane({ x, y, width }: Rows): { x: number[]; y: number[] } {
  return { x: [...x].filter((_, i) => i % width < 2), y: [...y] };
}
