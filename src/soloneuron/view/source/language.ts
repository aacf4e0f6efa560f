/** All sentences of the page in a language, and which one it begins with. */

import { carriedText } from "./carried";
import type { Card, Language, Table } from "./words";
import { Words } from "./words";

export function wordsOf(language: Language): Words {
  const { table, cards } = JSON.parse(carriedText(`words-${language}`)) as { table: Table; cards: Record<string, Card> };
  return new Words(language, table, cards);
}

/** The language of the address, else the one that the page was made in, else the browser's. */
export function firstLanguage(): Language {
  const [, asked] = /[#&]lang=(\w+)/.exec(location.hash) ?? [];
  const chosen = asked || document.body.dataset["language"] || navigator.language;
  return chosen.startsWith("ru") ? "ru" : "en";
}
