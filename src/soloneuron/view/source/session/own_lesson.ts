/** A lesson that a teacher wrote, by file or in a link; `soloneuron lesson check` says more of what is wrong. */

import { LESSONS, LIMITS, MENUS } from "../generated/catalogue";
import type { Table } from "../words";
import type { LessonData } from "./data";
import { OWN } from "./link_words";
import { readLink, Refusal } from "./link";
import { MEASURES } from "./measures";

/** What stands in a file: a kind of value, a list of one shape, an object of any names, or one of these fields. */
type Shape = "string" | "number" | readonly [Shape] | { readonly [name: string]: Shape };

const ANY = "*";
const SHAPE: Shape = {
  steps: [{ link: "string", until: "number" }],
  measures: { [ANY]: { kind: "string", step: "number" } },
  answers: { [ANY]: [{ kind: "string" }] },
  expected: "string",
  texts: { [ANY]: { title: "string", question: "string", choices: {}, steps: {}, answers: {} } },
};

/** What holds where a file is silent. */
const LEFT_OUT = {
  step: { speed: 60, open: "" },
  measure: { runner: 0, detail: 0 },
  condition: { times: 1, plus: 0, low: -Infinity, high: Infinity },
};

/** Take a lesson into the page's own; its sentences by language. */
export function takeLesson(text: string): Record<string, Table> {
  const raw = parsed(text);
  fits("", raw, SHAPE);
  const { steps, measures, answers, expected, formulas = [], texts } = raw as LessonData & { texts: Record<string, Table> };
  const runners = steps.map((step, i) => {
    Object.assign(step, { ...LEFT_OUT.step, ...step });
    holds(`steps[${i}].until`, step.until >= 1 && step.until <= LIMITS.most_steps && step.until % 1 === 0);
    const { surface, loss, optimizers } = readLink(step.link);
    if (surface !== "") throw new Refusal("playground.surface", { word: "lesson", surface });
    return loss.length * optimizers.length;
  });
  for (const [name, one] of Object.entries(measures)) {
    Object.assign(one, { ...LEFT_OUT.measure, ...one });
    holds(`measures.${name}`, Object.hasOwn(MEASURES, one.kind) && one.runner in [...Array(runners[one.step - 1] ?? 0)]);
  }
  for (const one of Object.values(answers).flat()) Object.assign(one, { ...LEFT_OUT.condition, ...one });
  holds("expected", Object.hasOwn(answers, expected));
  LESSONS[OWN] = { steps, measures, answers, expected, formulas };
  if (!MENUS.lessons.includes(OWN)) MENUS.lessons.push(OWN);
  return texts;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fits(place: string, value: unknown, shape: Shape): void {
  if (typeof shape === "string") return holds(place, typeof value === shape);
  holds(place, typeof value === "object" && value !== null && Array.isArray(value) === Array.isArray(shape));
  const inner = value as Record<string, unknown>;
  const names = ANY in shape || Array.isArray(shape) ? Object.keys(inner) : Object.keys(shape);
  holds(place, names.length > 0 || Object.keys(shape).length === 0);
  for (const name of names) {
    const part = Array.isArray(shape) ? shape[0] : (shape as Record<string, Shape>)[ANY in shape ? ANY : name];
    fits(Array.isArray(shape) ? `${place}[${name}]` : `${place}${place && "."}${name}`, inner[name], part as Shape);
  }
}

function holds(place: string, held: boolean): void {
  if (!held) throw new Refusal("playground.lesson.file", { place: place || "{}" });
}

/** The bytes of a lesson as the part of an address, and back. */
export async function packedLesson(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(JSON.parse(text))), new CompressionStream("deflate-raw"));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

export async function unpackedLesson(word: string): Promise<string> {
  try {
    const bytes = Uint8Array.from(atob(word.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
    return new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
  } catch {
    return "";
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
