/** All sentences of the page in a language, and which one it begins with. */

import { carriedText } from "./carried";
import type { Card, Language, Table } from "./words";
import { Words } from "./words";

export function wordsOf(language: Language): Words {
  const { table, cards } = JSON.parse(carriedText(`words-${language}`)) as { table: Table; cards: Record<string, Card> };
  return withOwnLesson(new Words(language, table, cards));
}

let ownLesson: Record<string, Table> = {};

/** The sentences of a teacher's lesson, by language; one that has only the other language keeps it. */
export function teachWords(texts: Record<string, Table>): void {
  ownLesson = texts;
}

export function withOwnLesson(words: Words): Words {
  (words.table["lessons"] as Table)["own"] = ownLesson[words.language] ?? Object.values(ownLesson)[0] ?? {};
  return words;
}

/** The language of the address, else the one that the page was made in, else the browser's. */
export function firstLanguage(): Language {
  const [, asked] = /[#&]lang=(\w+)/.exec(location.hash) ?? [];
  const chosen = asked || document.body.dataset["language"] || navigator.language;
  return chosen.startsWith("ru") ? "ru" : "en";
}
