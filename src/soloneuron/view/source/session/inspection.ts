/** One update of a runner taken apart, for the drawer. */

import type { UpdateDetail } from "../inside";
import { stateAt, Walk } from "../training/walk";
import { pythonCode } from "./copy";
import { exampleDetail } from "./example";
import { startOf } from "./jobs";
import { Refusal } from "./link";
import type { Session } from "./session";

void stateAt;
void Walk;
void pythonCode;
void exampleDetail;
void startOf;

/**
 * Shown is the update that led to the step where the session stands; at the start the one that comes next; of a
 * runner that has left all numbers the last one that it kept.
 */
export function exampleOf(session: Session, runner: number, row: number): UpdateDetail {
  throw new Refusal("playground.inside.runner", { runner, most: session.jobs.length - 1, row });
}
