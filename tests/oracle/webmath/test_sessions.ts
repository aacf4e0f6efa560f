/** What test_sessions.py asks: whole sessions, without a page. */

import { LESSONS } from "@page/generated/catalogue";
import { changedAt } from "@page/session/changes";
import { exampleOf } from "@page/session/inspection";
import { statusOf } from "@page/session/judgement";
import { readLink, Refusal, writeLink } from "@page/session/link";
import { take } from "@page/session/measures";
import { judge } from "@page/session/progress";
import { Session } from "@page/session/session";
import { setupOf } from "@page/session/setup";
import { DATASETS, outlierRows } from "@page/training/datasets";
import type { Rows } from "@page/training/types";

/** What there is to say of a link at its step, or why it is refused. */
function seen(link: string): unknown {
  try {
    const session = new Session(readLink(link));
    session.go(session.config.step);
    const { window } = session.shown.landscape;
    return { ...statusOf(session), theta: session.jobs.map((_, runner) => [...session.theta(runner)]), window };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return { code: fault.code, fields: fault.fields };
  }
}

/** The measures of a lesson, and its answer. */
function taken(name: string): unknown {
  const lesson = LESSONS[name]!;
  const numbers: Record<string, number | null> = {};
  lesson.steps.forEach(({ link, until }, place) => {
    const session = new Session(readLink(link));
    session.go(until);
    for (const [called, measure] of Object.entries(lesson.measures)) {
      if (measure.step === place + 1) numbers[called] = take(session, measure, until);
    }
  });
  return { numbers, answer: judge(lesson, numbers) };
}

/** One measure of the first runner of a link. */
function measured([link, kind, until]: [string, string, number]): unknown {
  const session = new Session(readLink(link));
  session.go(until);
  return take(session, { kind, step: 1, runner: 0, detail: 0 }, until);
}

const made = { ...DATASETS };

/** Every data set from now on with its rows in another order; rows that lie where they should not stay among themselves. */
function permuted(seed: number): null {
  const places = DATASETS as Record<string, (making?: object) => Rows>;
  for (const [name, make] of Object.entries(made)) {
    places[name] = (making) => {
      const rows = make(making);
      const wrong = name === "outliers" ? outlierRows(rows.count) : new Uint8Array(rows.count);
      const order = shuffled(rows.count, seed, wrong);
      return {
        ...rows,
        x: Float64Array.from(order.flatMap((row) => [...rows.x.subarray(row * rows.width, (row + 1) * rows.width)])),
        y: Float64Array.from(order, (row) => rows.y[row]!),
      };
    };
  }
  return null;
}

function unpermuted(): null {
  Object.assign(DATASETS, made);
  return null;
}

function shuffled(count: number, seed: number, wrong: Uint8Array): number[] {
  const order = Array.from({ length: count }, (_, row) => row);
  let state = seed + 1;
  for (let i = count - 1; i > 0; i--) {
    state = (state * 48271) % 2147483647;
    const j = state % (i + 1);
    // Classes stand in turn, and a batch of one is a row: whoever is exchanged is of one kind.
    if (wrong[i] === wrong[j]) [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** What is inside the step that is shown, for every example of its batch, and where it led. */
function inside({ link, runner }: { link: string; runner: number }): unknown {
  const session = new Session(readLink(link));
  session.go(session.config.step);
  const first = exampleOf(session, runner, 0);
  const all = Array.from({ length: first.size }, (_, row) => exampleOf(session, runner, row));
  return { all, theta: [...session.theta(runner)] };
}

interface Move {
  go?: number;
  change?: Record<string, never>;
}

/** A session that was moved and changed, and a fresh one of its link at the same step. */
function moved({ link, moves }: { link: string; moves: Move[] }): unknown {
  let session = new Session(readLink(link));
  for (const { go, change } of moves) {
    if (go !== undefined) session.go(go);
    if (change === undefined) continue;
    const { position } = session;
    session = new Session(changedAt(session.config, position, change, session.rows.count), session);
    session.go(position);
  }
  const again = new Session(readLink(writeLink(session.config)));
  again.go(session.position);
  return { link: writeLink({ ...session.config, step: session.position }), one: told(session), other: told(again) };
}

function told(session: Session): unknown {
  const rows = Array.from({ length: session.position + 1 }, (_, step) => [...session.shown.rows(step)]);
  return [statusOf(session), setupOf(session), rows];
}

export const answers = { inside, seen, taken, measured, permuted, unpermuted, moved };
