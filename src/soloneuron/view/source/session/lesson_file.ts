/** A lesson's file, held to all that Python's `lesson_file` holds it to: the first thing that is wrong is refused. */

import { CONDITIONS, DETAILS, FORMULAS, LIMITS, MENUS, SENTENCES, SPEEDS } from "../generated/catalogue";
import type { Table } from "../words";
import type { LessonData, LessonStep, MeasureData, Requirement } from "./data";
import { bound, quoted, readChoice } from "./fields";
import { readLink } from "./link";
import { OWN } from "./link_words";
import { MEASURES } from "./measures";
import { Refusal } from "./refusal";
import { Session } from "./session";

type Fields = Refusal["fields"];
type Values = Record<string, unknown>;
/** What a measure of a step's run may ask for. */
type Run = { runners: number; parameters: number; until: number };

export interface OwnLesson {
  lesson: LessonData;
  texts: Record<string, Table>;
}

const LANGUAGES = ["en", "ru"];
/** The lowest values that numbers of a condition may have, and what holds where a file is silent. */
const LEAST: Record<string, number> = { times: 1, plus: 0 };
const MOST = 1e300;

/** The lesson that stands in the values of a JSON text, and its sentences by language. Throws a Refusal. */
export function readLesson(raw: unknown): OwnLesson {
  const found = table("", raw, ["steps", "measures", "answers", "expected", "texts"], ["formulas"]);
  const runs: Run[] = [];
  const steps = items("steps", found["steps"]).map((one, i) => readStep(`steps[${i}]`, one, runs));
  const measures = mapped("measures", found["measures"], (place, one) => readMeasure(place, one, runs));
  const names = Object.keys(measures);
  const answers = mapped("answers", found["answers"], (place, held) =>
    items(place, held).map((one, i) => readRequirement(`${place}[${i}]`, one, names)));
  const expected = choice("expected", found["expected"], Object.keys(answers));
  const { formulas: said = [] } = found;
  if (!Array.isArray(said)) return fault("formulas", "texts", said);
  const formulas = said.map((one, i) => choice(`formulas[${i}]`, one ?? "", FORMULAS));
  const known = [...names, ...steps.map((_, i) => `end${i + 1}`)];
  const texts = mapped("texts", found["texts"], (_, one, language) =>
    readTexts(`texts.${choice("texts", language, LANGUAGES)}`, one, { answers: Object.keys(answers), steps: steps.length, known }));
  return { lesson: { steps, measures, answers, expected, formulas }, texts };
}

function readStep(place: string, value: unknown, runs: Run[]): LessonStep {
  const one = table(place, value, ["link", "until"], ["speed", "open"]);
  const link = words(`${place}.link`, one["link"]);
  const until = whole(`${place}.until`, one["until"], 1, LIMITS.most_steps);
  const speed = choice(`${place}.speed`, one["speed"] ?? 60, SPEEDS);
  const open = choice(`${place}.open`, one["open"] ?? "", ["", "inside"]);
  const { jobs, parameters, config } = begun(`${place}.link`, link);
  if (config.changes.length > 0) fault(`${place}.link`, "unchanging", link);
  runs.push({ runners: jobs.length, parameters, until });
  return { link, until, speed, open };
}

/** What a link begins with; a lesson of a file cannot begin with itself. */
function begun(place: string, link: string): Pick<Session, "jobs" | "parameters" | "config"> {
  try {
    const config = readLink(link);
    if (config.surface !== "") throw new Refusal("playground.surface", { word: "lesson", surface: config.surface });
    if (config.lesson === OWN) readChoice(OWN, "lesson", MENUS.lessons.filter((name) => name !== OWN));
    const { jobs, parameters } = new Session({ ...config, changes: [] });
    return { jobs, parameters, config };
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    return fault(place, "link", null, { fault: { code: refused.code, fields: refused.fields } });
  }
}

function readMeasure(place: string, value: unknown, runs: Run[]): MeasureData {
  const one = table(place, value, ["kind", "step"], ["runner", "detail"]);
  const step = whole(`${place}.step`, one["step"], 1, runs.length);
  const { runners, parameters, until } = runs[step - 1] as Run;
  const kind = choice(`${place}.kind`, one["kind"], Object.keys(MEASURES));
  const runner = whole(`${place}.runner`, one["runner"] ?? 0, 0, runners - 1);
  const [where, said] = [`${place}.detail`, one["detail"] ?? 0];
  const ends: Record<string, [number, number]> = { coordinate: [0, parameters - 1], steps: [1, until] };
  const range = ends[DETAILS[kind] ?? ""];
  const detail = range === undefined ? number(where, said, 0, LIMITS.most_steps) : whole(where, said, ...range);
  return { kind, step, runner, detail };
}

function readRequirement(place: string, value: unknown, measures: readonly string[]): Requirement {
  const kinds = Object.keys(CONDITIONS);
  const said = isTable(value) ? value["kind"] ?? kinds[0] : kinds[0];
  const [names, numbers] = CONDITIONS[choice(`${place}.kind`, said, kinds)] as (typeof CONDITIONS)[string];
  const one = table(place, value, ["kind", ...names], numbers);
  for (const name of names) choice(`${place}.${name}`, one[name], measures);
  for (const name of numbers) if (name in one) number(`${place}.${name}`, one[name], LEAST[name] ?? -MOST, MOST);
  return { ...(one["kind"] === "within" ? { low: -Infinity, high: Infinity } : LEAST), ...one } as Requirement;
}

function readTexts(place: string, raw: unknown, { answers, steps, known }: { answers: string[]; steps: number; known: string[] }): Table {
  const parts = { choices: answers, answers, steps: Array.from({ length: steps }, (_, i) => String(i + 1)) };
  const one = table(place, raw, [...SENTENCES, ...Object.keys(parts)], ["docs"]);
  const said = [...SENTENCES, "docs"].filter((name) => name in one).map((name) => [`${place}.${name}`, one[name]]);
  for (const [part, names] of Object.entries(parts)) {
    const held = table(`${place}.${part}`, one[part], names);
    said.push(...names.map((name) => [`${place}.${part}.${name}`, held[name]]));
  }
  for (const [where, sentence] of said as [string, unknown][]) {
    for (const [, name = ""] of words(where, sentence).matchAll(/\{([\p{L}\p{N}_]+)/gu)) {
      if (!known.includes(name)) fault(where, "braces", `{${name}}`, { choices: [...known].sort().join(", ") });
    }
  }
  return one as Table;
}

const isTable = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** An object with these fields and no others. */
function table(place: string, value: unknown, needed: readonly string[], more: readonly string[] = []): Values {
  if (!isTable(value)) return fault(place, "object", value);
  const at = place && `${place}.`;
  const fields = [...needed, ...more];
  for (const name of needed) if (!Object.hasOwn(value, name)) fault(at + name, "there");
  for (const name of Object.keys(value)) {
    if (!fields.includes(name)) fault(at + name, "unknown", null, { choices: fields.join(", ") });
    if (value[name] === null) fault(at + name, "there");
  }
  return value;
}

/** What is read of every value of an object that holds something, by its name. */
function mapped<T>(place: string, value: unknown, read: (place: string, one: unknown, name: string) => T): Record<string, T> {
  if (!isTable(value) || Object.keys(value).length === 0) return fault(place, "filled_object", value);
  const empty = Object.keys(value).find((name) => value[name] === null);
  if (empty !== undefined) fault(`${place}.${empty}`, "there");
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, read(`${place}.${name}`, one, name)]));
}

function items(place: string, value: unknown): unknown[] {
  return Array.isArray(value) && value.length > 0 ? value : fault(place, "list", value);
}

function words(place: string, value: unknown): string {
  return typeof value === "string" ? value : fault(place, "text", value);
}

function number(place: string, value: unknown, least: number, most: number): number {
  return typeof value === "number" && least <= value && value <= most ? value : fault(place, "number", value, { least: bound(least), most: bound(most) });
}

function whole(place: string, value: unknown, least: number, most: number): number {
  return Number.isInteger(value) && least <= Number(value) && Number(value) <= most ? Number(value) : fault(place, "whole", value, { least, most });
}

function choice<T>(place: string, value: unknown, choices: readonly T[]): T {
  return choices.includes(value as T) ? (value as T) : fault(place, "choice", value, { choices: choices.join(", ") });
}

function fault(place: string, wanted: string, came: unknown = null, fields: Fields = {}): never {
  const shown = came === null ? "" : quoted(JSON.stringify(came) ?? "", 60);
  const said = { place: place || "{}", wanted: { code: `lesson_file.${wanted}`, fields }, came: shown };
  throw new Refusal("playground.lesson.file", { fault: { code: `lesson_file.${shown === "" ? "missing" : "came"}`, fields: said } });
}
