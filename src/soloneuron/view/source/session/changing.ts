/** What becomes of a session when something is changed in it. */

import { CHANGEABLE } from "../generated/catalogue";
import type { Changeable, Config, Point } from "../protocol";
import { changedAt, FRESH } from "./changes";
import { plainConfig, readLink, writeLink } from "./link";
import { OWN } from "./link_words";
import { Session } from "./session";

/** What x1 and x2 of a config are called, in the words of the page. */
export type Naming = (config: Config) => string[];

/** The session after some changes, and the step at which it is to be shown. Throws a Refusal. */
export function changedSession(session: Session, changes: Partial<Config> & Partial<Changeable>, naming: Naming): { changed: Session; step: number } {
  const { config, position, shown } = session;
  // Other rows altogether begin a new run, although a link could go on with them: nothing seen before would hold.
  const goesOn = (word: string): boolean => !FRESH.includes(word) && (CHANGEABLE as readonly string[]).includes(word);
  if (position > 0 && Object.keys(changes).every(goesOn)) {
    const changed = new Session(checked(changedAt(config, position, changes, session.rows.count + (session.rows.test?.count ?? 0))), session);
    return { changed, step: position };
  }
  // Who leaves a lesson keeps the run, with all that changed in it.
  if (Object.keys(changes).join() === "lesson") return { changed: new Session(checked({ ...config, ...changes })), step: position };
  const anew = "data" in changes || "points" in changes || ("seed" in changes && shown.config.data !== OWN);
  const { surface = shown.config.surface } = changes;
  // On another surface, or back on rows, all begins as it is usual there.
  const elsewhere = surface !== shown.config.surface;
  const begins = elsewhere ? plainConfig("", surface) : anew ? { ...shown.config, step: 0 } : heldConfig(session, naming);
  return { changed: new Session(checked({ ...begins, ...changes })), step: 0 };
}

/** A new run with what holds now. */
export function begunAnew(session: Session, naming: Naming): Session {
  return new Session(checked(heldConfig(session, naming)));
}

/** What holds now, from the start on; points that came or went by hand make the rows its own. */
export function heldConfig({ shown, edited }: Session, naming: Naming): Config {
  const held = { ...shown.config, step: 0 };
  if (edited === undefined) return held;
  const points = [edited.test, edited].flatMap((part): Point[] =>
    Array.from(part?.y ?? [], (label, row) => [part?.x[2 * row] ?? 0, part?.x[2 * row + 1] ?? 0, label]));
  return { ...held, data: OWN, names: naming(held), noise: 0, points };
}

/** What comes from the page is held to what a link is held to. */
const checked = (config: Config): Config => readLink(writeLink(config));

/** Whether every runner that has not left all numbers is within reach of the lowest loss there is. */
export function atTarget(session: Session): boolean {
  const runs = session.jobs.map((_, runner) => runner).filter((runner) => session.read(runner, "lost") === 0);
  return runs.length > 0 && runs.every((runner) => session.reached(runner) !== null);
}
