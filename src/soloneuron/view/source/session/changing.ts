/** What becomes of a session when something is changed in it. */

import type { Changeable, Config } from "../protocol";
import { changedAt } from "./changes";
import { plainConfig, readLink, writeLink } from "./link";
import { CHANGEABLE } from "./link_words";
import { Session } from "./session";

/** Other rows altogether begin a new run, although a link could go on with them: nothing seen before would hold. */
const BEGINS: readonly string[] = ["data", "points", "seed"];

/** The session after some changes, and the step at which it is to be shown. Throws a Refusal. */
export function changedSession(session: Session, changes: Partial<Config> & Partial<Changeable>): { changed: Session; step: number } {
  const { config, position, shown } = session;
  const goesOn = (word: string): boolean => !BEGINS.includes(word) && (CHANGEABLE as readonly string[]).includes(word);
  if (position > 0 && Object.keys(changes).every(goesOn)) {
    const changed = new Session(checked(changedAt(config, position, changes, session.rows.count)), session);
    return { changed, step: position };
  }
  const { lesson } = { ...config, ...changes };
  const { surface = shown.config.surface } = changes;
  // On other ground everything begins as it is usual there.
  const before = surface === shown.config.surface ? { ...shown.config, lesson } : plainConfig("", surface);
  const begun = new Session(checked({ ...before, ...changes, step: 0, changes: [] }));
  const leaves = Object.keys(changes).join() === "lesson";
  return { changed: begun, step: leaves ? position : 0 };
}

/** What comes from the page is held to what a link is held to. */
const checked = (config: Config): Config => readLink(writeLink(config));

/** Whether every runner that has not left all numbers is within reach of the lowest loss there is. */
export function atTarget(session: Session): boolean {
  const runs = session.jobs.map((_, runner) => runner).filter((runner) => session.read(runner, "lost") === 0);
  return runs.length > 0 && runs.every((runner) => session.reached(runner) !== null);
}
