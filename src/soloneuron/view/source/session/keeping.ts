/** A session's race as something to keep: a page that plays it, or a file that Python reads. */

import { carriedText } from "../carried";
import { featureNames } from "../feature_names";
import type { Words } from "../words";
import { statusOf } from "./judgement";
import { Refusal, writeLink } from "./link";
import type { RecordedRace, RecordedRun } from "./save";
import { replayPage, runFile } from "./save";
import { Session } from "./session";
import type { Column } from "./tables";

export async function keep(session: Session, what: "replay" | "report", words: Words): Promise<string> {
  if (session.config.surface !== "") throw new Refusal("playground.save.surface");
  if (session.position === 0) throw new Refusal("playground.save.early");
  const race = recorded(played(session), words);
  if (what === "report") return runFile(race);
  // The page plays replays by its own script.
  return replayPage(race, { style: carriedText("style"), script: carriedText("script") });
}

/** At the very step of a change nothing was played with it yet: the session as if it had not come. */
function played(session: Session): Session {
  const { config, position, shown } = session;
  if (position > shown.first) return session;
  const before = new Session({ ...config, changes: config.changes.filter(({ step }) => step < position) }, session);
  before.go(position);
  return before;
}

/** The stretch that is shown, up to the present step. */
function recorded(session: Session, words: Words): RecordedRace {
  const { rows, shown, position, parameters } = session;
  const { runners } = statusOf(session);
  const runs = session.jobs.map(({ loss, optimizer, rate, plan }, runner): RecordedRun => {
    const steps = session.losses(runner).length;
    const column = (name: Column): Float64Array =>
      Float64Array.from({ length: steps }, (_, place) => session.read(runner, name, shown.first + place));
    const theta = new Float64Array(steps * parameters);
    for (let place = 0; place < steps; place++) theta.set(session.theta(runner, shown.first + place), place * parameters);
    return {
      loss, optimizer, rate, steps, theta, settings: plan.settings ?? {},
      lost: session.read(runner, "lost") > 0,
      width: parameters,
      value: column("loss"),
      gradientNorm: column("gradient_norm"),
      accuracy: column("accuracy"),
      outcome: runners[runner] as RecordedRun["outcome"],
      fullBatch: plan.batch === null,
    };
  });
  const link = writeLink({ ...session.config, step: position });
  const names = [...featureNames(shown.config, words).concat("x1", "x2").slice(0, 2), ...shown.config.terms];
  return { config: shown.config, rows, featureNames: names, dataName: shown.config.data, runs, words, first: shown.first, link };
}
