/** All sentences of the page in a language, and which one it begins with. */

import { carriedText } from "./carried";
import type { Language, Table } from "./words";
import { Words } from "./words";

export function wordsOf(language: Language): Words {
  const table = carried("words", language) as Table;
  // Half of the sentences are of lessons: they are unpacked when one is taken.
  const get = (): Table => (lessons[language] ??= { ...(carried("lessons", language) as Table), own: ownLesson(language) });
  Object.defineProperty(table, "lessons", { get });
  return new Words(language, table);
}

/** Of every optimizer labelled parts. */
export function cardsOf(language: Language): Record<string, [string, string][]> {
  return carried("cards", language) as Record<string, [string, string][]>;
}

/** The sentences of lessons, as far as they were asked for, and those of a teacher's. */
let lessons: Partial<Record<Language, Table>> = {};
let taught: Partial<Record<string, Table>> = {};

/** Take the sentences of a teacher's lesson, by language; a language that it lacks has another's. */
export function teachWords(texts: Record<string, Table>): void {
  taught = texts;
  lessons = {};
}

const ownLesson = (language: Language): Table => taught[language] ?? Object.values(taught)[0] ?? {};

const carried = (part: string, language: Language): unknown => JSON.parse(carriedText(`${part}-${language}`));

/** The language of the address, else the one that the page was made in, else the browser's. */
export function firstLanguage(): Language {
  const [, asked] = /[#&]lang=(\w+)/.exec(location.hash) ?? [];
  const chosen = asked || document.body.dataset["language"] || navigator.language;
  return chosen.startsWith("ru") ? "ru" : "en";
}
