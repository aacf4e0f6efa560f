/** What test_surface_sessions.py asks: whole races on surfaces, without a page. */

import { SURFACE_FORMULAS } from "@page/generated/surfaces";
import { pythonCode } from "@page/session/copy";
import { exampleOf } from "@page/session/inspection";
import { statusOf } from "@page/session/judgement";
import { readLink, Refusal, writeLink } from "@page/session/link";
import { firstRate } from "@page/session/link_words";
import { Session } from "@page/session/session";
import { SURFACES } from "@page/training/surface";

function opened(link: string): Session {
  const session = new Session(readLink(link));
  session.go(session.config.step);
  return session;
}

/** What there is to say of a link at its step, or why it is refused. */
function seen(link: string): unknown {
  try {
    const session = opened(link);
    const theta = session.jobs.map((_, runner) => [...session.theta(runner)]);
    return { ...statusOf(session), theta, window: session.shown.landscape.window, link: writeLink(session.config) };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { code: fault.code, fields: fault.fields };
  }
}

/** Of every runner its theta at each step. */
function paths(link: string): Float64Array[] {
  const session = opened(link);
  const steps = session.config.step + 1;
  return session.jobs.map((_, runner) => Float64Array.from({ length: 2 * steps }, (_, at) => session.theta(runner, at >> 1)[at & 1] as number));
}

/** The rate that a method begins with on each surface. */
const rates = (name: string): Record<string, number> =>
  Object.fromEntries(Object.keys(SURFACE_FORMULAS).map((surface) => [surface, firstRate(name, surface)]));

export const answers = {
  seen, paths, rates,
  bends: ([name, theta]: [string, Float64Array]) => SURFACES[name]!.hessian(theta[0]!, theta[1]!),
  python: ([link, step, runner]: [string, number, number]) => pythonCode(readLink(link), step, runner).text,
  inside: ([link, runner]: [string, number]) => exampleOf(opened(link), runner, 0),
};
