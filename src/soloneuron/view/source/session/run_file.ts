/** A race as a file that Python's `load_run`, `soloneuron report` and `replay` read, in the format of run files. */

import { LOSS_SETTINGS } from "../generated/catalogue";
import type { Judgement } from "../protocol";
import { ALL_RULES } from "../training/searching";
import { writeLink } from "./link";
import type { RecordedRace, RecordedRun } from "./recorded";
import { keptPlaces, runNames } from "./recorded";
import { sha256 } from "./sha256";

const VERSION = 2;

/** One JSON file: a run, or all runs of the race by their names. */
export function runFile(race: RecordedRace): string {
  const names = runNames(race);
  const bodies = race.runs.map((run, place) => runBody(race, run, names[place] ?? ""));
  const [only] = bodies;
  if (bodies.length === 1 && only !== undefined) return sealed("soloneuron run", only);
  return sealed("soloneuron race", { runs: Object.fromEntries(bodies.map((body, place) => [names[place], body])) });
}

/** A file with the digest of all its other bytes. */
function sealed(format: string, body: object): string {
  const text = JSON.stringify(spelled({ format, version: VERSION, digest: "sha256:", ...body }), null, 1);
  const spaced = `${text}\n`;
  return spaced.replace('"sha256:', `"sha256:${sha256(new TextEncoder().encode(spaced))}`);
}

function runBody(race: RecordedRace, run: RecordedRun, name: string): object {
  const { rows, featureNames, dataName, config } = race;
  const first = race.first ?? 0;
  const last = run.steps - 1;
  const kept = keptPlaces(run.steps);
  const at = (column: Float64Array): number[] => kept.map((place) => column[place] ?? NaN);
  const shuffled = !run.fullBatch;
  return {
    recipe: recipe(race, run),
    versions: { page: "soloneuron" },
    history: {
      epochs: kept.map((place) => first + place),
      theta: kept.map((place) => [...run.theta.subarray(place * run.width, (place + 1) * run.width)]),
      loss: [...run.value.subarray(0, last)],
      value: at(run.value),
      gradient_norm: at(run.gradientNorm),
      accuracy: at(run.accuracy),
      outcomes: [outcome(race, run, name)],
      seeds: shuffled ? [config.seed] : [],
      evaluations: [],
      // One unit for all: an update of a rule that takes all rows is an epoch, too.
      unit: race.runs.every(({ fullBatch }) => fullBatch) ? "epoch" : "update",
    },
    data: {
      features: Array.from({ length: rows.count }, (_, row) => [...rows.x.subarray(row * rows.width, (row + 1) * rows.width)]),
      labels: [...rows.y],
      feature_names: featureNames,
      label_name: "label",
      classes: ["0", "1"],
      name: dataName,
    },
    source: { name: dataName, sha256: "", rows: rows.count },
    link: race.link ?? writeLink(config),
  };
}

function recipe({ config, rows }: RecordedRace, { loss, optimizer, rate, settings: own, steps, fullBatch, width }: RecordedRun): object {
  const size = fullBatch ? rows.count : Math.min(Number(config.batch), rows.count);
  const settings = { learning_rate: rate, ...ALL_RULES[optimizer]?.defaults, ...own, ...(optimizer === "adagrad_norm" ? { bias: width > rows.width } : {}) };
  return {
    objective: part("neuron", {}),
    loss: part(loss, LOSS_SETTINGS[loss] ?? {}),
    penalty: config.l2 > 0 ? part("l2", { strength: config.l2, penalize_bias: false }) : null,
    optimizer: part(optimizer, settings),
    epochs: Math.ceil((steps - 1) / Math.ceil(rows.count / size)),
    batch_size: fullBatch ? null : size,
    shuffle: !fullBatch,
    seed: fullBatch ? null : config.seed,
    reduction: "mean",
    class_weight: null,
    sample_weight: false,
    bias: width > rows.width,
    record_every: 1,
    dtype: "float64",
    standardize: false,
    test_share: rows.test ? config.test : null,
    split_seed: rows.test ? config.seed : null,
  };
}

function part(name: string, settings: object): object {
  return { name, settings, own: false };
}

function outcome(race: RecordedRace, run: RecordedRun, name: string): object {
  const finished = ["running", "right", "learned"].includes(run.outcome.code);
  const last = (race.first ?? 0) + run.steps - 1;
  return {
    kind: finished ? "finished" : run.outcome.code,
    epoch: last,
    reason: finished ? ending(race, run, last) : race.words.outcome(named(run.outcome, name)).replace(/\.$/, ""),
    fields: { epochs: last, ...run.outcome.fields },
    separable: null,
  };
}

function ending({ words }: RecordedRace, run: RecordedRun, last: number): string {
  const place = run.steps - 1;
  return words.say("saved.finished", { step: last, loss: run.value[place], accuracy: run.accuracy[place] });
}

function named(judgement: Judgement, name: string): Judgement {
  return { ...judgement, fields: { ...judgement.fields, name } };
}

/** Numbers that JSON does not know as objects that spell them. */
function spelled(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return { number: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
  if (Array.isArray(value)) return value.map(spelled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spelled(inner)]));
}
