/** All sentences of the page in a language, and which one it begins with. */

import { CARDS, TEXTS } from "./generated/texts";
import type { Language } from "./words";
import { Words } from "./words";

export const wordsOf = (language: Language): Words => new Words(language, TEXTS[language], CARDS[language]);

/** The language of the address, else the one that the page was made in, else the browser's. */
export function firstLanguage(): Language {
  const [, asked] = /[#&]lang=(\w+)/.exec(location.hash) ?? [];
  const chosen = asked || document.body.dataset["language"] || navigator.language;
  return chosen.startsWith("ru") ? "ru" : "en";
}
