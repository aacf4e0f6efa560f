/** A session's race as something to keep: a page that plays it, or a file that Python reads. */

import { carriedText } from "../carried";
import type { Language } from "../words";
import { statusOf } from "./judgement";
import { Refusal } from "./link";
import type { RecordedRace, RecordedRun } from "./save";
import { replayPage, runFile } from "./save";
import type { Session } from "./session";

export async function keep(session: Session, what: "replay" | "report", language: Language): Promise<string> {
  if (session.position === 0) throw new Refusal("playground.save.early");
  const race = recorded(session, language);
  if (what === "report") return runFile(race);
  // The page plays replays by its own script.
  return replayPage(race, { style: carriedText("style"), script: carriedText("script") });
}

function recorded(session: Session, language: Language): RecordedRace {
  const { config, rows } = session;
  const { runners } = statusOf(session);
  const runs = session.jobs.map(({ loss, optimizer, rate, plan }, runner): RecordedRun => {
    const lost = session.read(runner, "lost") > 0;
    const steps = session.losses(runner).length;
    const column = (name: "loss" | "gradient_norm" | "accuracy"): Float64Array =>
      Float64Array.from({ length: steps }, (_, step) => session.read(runner, name, step));
    const theta = new Float64Array(steps * session.parameters);
    for (let step = 0; step < steps; step++) theta.set(session.theta(runner, step), step * session.parameters);
    return {
      loss, optimizer, rate, steps, theta, lost,
      width: session.parameters,
      value: column("loss"),
      gradientNorm: column("gradient_norm"),
      accuracy: column("accuracy"),
      outcome: runners[runner] as RecordedRun["outcome"],
      fullBatch: plan.batch === null,
    };
  });
  return { config, rows, featureNames: ["x1", "x2"], dataName: config.data, runs, language };
}
