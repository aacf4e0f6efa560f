/** What a race came to, in sentences that are computed from its numbers, as Python's `view.description` has them. */

import { LIMITS } from "../generated/catalogue";
import type { Words } from "../words";
import { general } from "../words";
import type { RecordedRace, RecordedRun } from "./recorded";
import { runNames, sinceWhen } from "./recorded";

/** Who reached the lowest loss and when, who came near it first, who never; for each loss. */
export function describeRace(race: RecordedRace): string {
  const { config, runs } = race;
  const said = new Sayer(race);
  const losses = config.loss.flatMap((loss) => {
    const own = runs.filter((run) => run.loss === loss);
    const of = config.loss.length > 1 ? [said.say("of", { loss: said.words.title("losses", loss) })] : [];
    return [...of, ...(own.length === 1 ? [said.alone(own[0] as RecordedRun)] : said.race(own))];
  });
  return [...losses, ...runs.filter(({ lost }) => lost).map((run) => losingSentence(race, run))].join(" ");
}

/** What became of a run that left the range of numbers, and why if its limits are known. */
export function losingSentence(race: RecordedRace, run: RecordedRun): string {
  const { words } = race;
  const { beside, fields } = run.outcome;
  const said = new Sayer(race);
  const lost = said.say("lost", { name: said.names([run]), step: said.first + run.steps - 1 });
  const limits = beside.find((key) => key.startsWith("limits") || key.endsWith("_alone"));
  if (limits === undefined) return lost;
  const guide = beside.includes("full_batch") ? ` (${words.of("outcomes.full_batch") ?? ""})` : "";
  return `${lost} ${said.say("because", { why: (words.of(`outcomes.${limits}`, fields) ?? "") + guide })}`;
}

/** What a reader must know of the steps, the rows and the map; so many steps are kept. */
export function readingNotes(race: RecordedRace, kept: number): string[] {
  const { runs, rows, config, first = 0 } = race;
  const said = new Sayer(race);
  const steps = Math.max(...runs.map((run) => run.steps));
  const whole = runs.every(({ fullBatch }) => fullBatch);
  const batch = runs.some(({ fullBatch }) => fullBatch) ? rows.count : Math.min(Number(config.batch), rows.count);
  const mixed = new Set(runs.map(({ fullBatch }) => fullBatch)).size > 1;
  return [
    whole ? said.say("epoch", { rows: rows.count }) : said.say("update", { rows: rows.count, batch }),
    ...(mixed ? [said.say("batches")] : []),
    ...(kept < steps ? [said.say("thinned", { steps: kept, last: first + steps - 1 })] : []),
  ];
}

class Sayer {
  readonly words: Words;
  readonly first: number;
  private readonly called: Map<RecordedRun, string>;

  constructor(race: RecordedRace) {
    this.words = race.words;
    this.first = race.first ?? 0;
    const names = runNames(race);
    this.called = new Map(race.runs.map((run, place) => [run, names[place] ?? ""]));
  }

  say(key: string, fields: Record<string, unknown> = {}): string {
    return this.words.of(`replay.${key}`, fields) ?? key;
  }

  alone(run: RecordedRun): string {
    const best = lowestPlace(run);
    const fields = { loss: run.value[best], step: this.first + best, accuracy: run.accuracy[best] };
    return this.say("alone", { name: this.names([run]), ...fields });
  }

  race(runs: RecordedRun[]): string[] {
    const lows = runs.map((run) => run.value[lowestPlace(run)] ?? Infinity);
    const least = Math.min(...lows);
    const shared = runs.filter((_, i) => general(lows[i] ?? NaN, 4) === general(least, 4));
    const best = runs[lows.indexOf(least)] as RecordedRun;
    const near = runs.map((run) => sinceWhen(run, this.first, (place) => (run.value[place] ?? NaN) <= least + LIMITS.near_lowest));
    const right = runs.map((run) => sinceWhen(run, this.first, (place) => (run.accuracy[place] ?? 0) >= LIMITS.learned_accuracy));
    const never = runs.filter((_, i) => near[i] === null);
    const most = Math.max(...runs.map((run) => run.accuracy[run.steps - 1] ?? 0));
    return [
      this.say(shared.length === 1 ? "lowest" : "shared", { loss: least, names: this.names(shared), step: this.first + lowestPlace(best) }),
      this.firsts(runs, near, "near", {}),
      ...(never.length > 0 ? [this.say("never", { names: this.names(never) })] : []),
      this.firsts(runs, right, "right", { most }),
    ];
  }

  /** Who was there first; they may be several, or nobody. */
  private firsts(runs: RecordedRun[], when: (number | null)[], key: string, nobody: Record<string, number>): string {
    const first = Math.min(...when.map((step) => step ?? Infinity));
    if (first === Infinity) return this.say(`${key}_nobody`, nobody);
    return this.say(key, { names: this.names(runs.filter((_, i) => when[i] === first)), step: first });
  }

  names(runs: readonly RecordedRun[]): string {
    return runs.map((run) => this.called.get(run) ?? "").join(", ");
  }
}

function lowestPlace({ value }: RecordedRun): number {
  return value.reduce((best, now, place) => (now < (value[best] ?? Infinity) ? place : best), 0);
}
