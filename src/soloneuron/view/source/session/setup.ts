/** What the page must know of a session before its first frame. */

import { LIMITS } from "../generated/catalogue";
import type { Setup } from "../protocol";
import { writeLink } from "./link";
import type { Session } from "./session";

export function setupOf(session: Session): Setup {
  const { config, jobs, landscape } = session;
  const { x, y } = session.rows;
  return {
    link: writeLink(config),
    config,
    runners: jobs.map(({ loss, optimizer, rate }) => ({ loss, optimizer, rate })),
    data: { x: [...x], y: [...y] },
    begin: jobs.map((_, runner) => ({
      loss: session.read(runner, "loss", 0),
      gradient_norm: session.read(runner, "gradient_norm", 0),
      accuracy: session.read(runner, "accuracy", 0),
    })),
    columns: session.parameters,
    window: [...landscape.window],
    lowest: landscape.lowest,
    near: LIMITS.near_lowest,
    enough: LIMITS.learned_accuracy,
  };
}
