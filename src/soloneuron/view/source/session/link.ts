/** A run as the words of a link: read strictly, written in one spelling, as Python's `link` does both. */

import { CHANGEABLE, LESSONS, LIMITS, PLAIN, RACERS, ROW_WORDS, VIEW_WORDS, WORDS } from "../generated/catalogue";
import type { Change, Changeable, Config, Entry } from "../protocol";
import { SURFACES } from "../training/surface";
import { checkConfig, inOrder } from "./changes";
import { placed, quoted, readChoice, readWhole } from "./fields";
import type { Word } from "./link_words";
import { firstRate, READERS, WRITERS } from "./link_words";
import { Refusal } from "./refusal";

export { Refusal } from "./refusal";

/** What holds where a link is silent; in a lesson that is its first step. */
export function plainConfig(lesson = "", surface = ""): Config {
  const { start } = SURFACES[surface] ?? {};
  if (start !== undefined) {
    const optimizers = RACERS.map((name): Entry => [name, firstRate(name, surface)]);
    return { ...plainConfig(), surface, loss: [surface], optimizers, start: [placed(start[0]), placed(start[1])] };
  }
  if (lesson !== "") return { ...readLink(LESSONS[lesson]?.steps[0]?.link ?? ""), lesson };
  return PLAIN;
}

/** The config that a link asks for: the part of an address after `?`, or a whole address. Throws a Refusal. */
export function readLink(link: string): Config {
  const found = new Map<string, unknown>();
  const changes: Change[] = [];
  const words = pairs(wordsOf(link));
  const surface = READERS.surface(new Map(words).get("surface") ?? "");
  for (const [name, text] of words) {
    if (found.has(name)) throw new Refusal("playground.twice", { word: quoted(name) });
    const dot = name.lastIndexOf(".");
    if (surface !== "" && ROW_WORDS.includes(name.slice(dot + 1))) throw new Refusal("playground.surface", { word: quoted(name), surface });
    if (dot >= 0) {
      changes.push(readChange(name.slice(0, dot), name.slice(dot + 1), text, surface));
      found.set(name, null);
    } else if ((WORDS as readonly string[]).includes(name)) found.set(name, READERS[name as Word](text, surface));
    else if (Object.hasOwn(VIEW_WORDS, name)) {
      // Of the page, and no part of the run: `restrictions` reads it again.
      const names = name === "present" ? [text] : text === "" ? [] : text.split(",");
      names.forEach((one) => readChoice(one, name, Object.keys(VIEW_WORDS[name as keyof typeof VIEW_WORDS])));
      found.set(name, null);
    } else throw new Refusal("playground.word", { word: quoted(name), choices: [...WORDS, ...Object.keys(VIEW_WORDS)].join(", ") });
  }
  const said = Object.fromEntries([...found].filter(([name]) => (WORDS as readonly string[]).includes(name))) as Partial<Config>;
  const config = { ...plainConfig(said.lesson, surface), ...said, changes: inOrder(changes) };
  checkConfig(config);
  return config;
}

/** The link of a config, without `?`; empty for the defaults. */
export function writeLink(config: Config): string {
  const plain = plainConfig(config.lesson, config.surface);
  const words = WORDS.flatMap((word) => {
    const text = written(word, config);
    return text !== written(word, plain) || (/^(lesson|surface)$/.test(word) && text !== "") ? [`${word}=${escaped(text)}`] : [];
  });
  const changes = config.changes.map((change) => `${change.step}.${change.word}=${escaped(writeChange(change))}`);
  return [...words, ...changes].join("&");
}

/** The link of a config that opens at a step and says so, even at 0. */
export function linkAt(config: Config, step: number): string {
  const words = writeLink({ ...config, step: 0, changes: [] });
  const changes = writeLink({ ...plainConfig(), changes: config.changes });
  return [words, `step=${step}`, changes].filter((part) => part !== "").join("&");
}

function wordsOf(link: string): string {
  const words = link.slice(link.lastIndexOf("?") + 1);
  return words.split("#")[0] ?? "";
}

function pairs(words: string): [string, string][] {
  if (words === "") return [];
  const pieces = words.split("&");
  if (pieces.length > LIMITS.most_link_words || pieces.some((piece) => !piece.includes("="))) {
    throw new Refusal("playground.link", { link: quoted(words, 80), want: "data=xor&batch=8" });
  }
  return pieces.map((piece) => {
    const [name = "", ...value] = piece.split("=");
    return [unescaped(name), unescaped(value.join("="))];
  });
}

/** What changes at a step; no zeros stand before the step, so that every change has one name. */
function readChange(step: string, word: string, text: string, surface: string): Change {
  const at = readWhole(step, "step", LIMITS.most_steps);
  if (!(CHANGEABLE as readonly string[]).includes(word) || String(at) !== step) {
    throw new Refusal("playground.change.word", { word: quoted(`${step}.${word}`), choices: CHANGEABLE.join(", ") });
  }
  return { step: at, word, value: READERS[word as keyof Changeable](text, surface) } as Change;
}

function writeChange({ word, value }: Change): string {
  return (WRITERS[word] as (value: Change["value"]) => string)(value);
}

function written(word: Word, config: Config): string {
  return (WRITERS[word] as (value: Config[Word]) => string)(config[word]);
}

/** Bytes that are no UTF-8 become signs of replacement, as Python has it. */
function unescaped(text: string): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return text
    .replaceAll("+", " ")
    .replace(/(?:%[0-9a-f]{2})+/gi, (codes) => decoder.decode(Uint8Array.from(codes.slice(1).split("%"), (code) => parseInt(code, 16))));
}

function escaped(text: string): string {
  const all = encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return all.replace(/%(2C|3A|3B|3D)/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
