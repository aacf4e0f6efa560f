/** All sentences of the page in a language. */

import { CARDS, TEXTS } from "./generated/texts";
import type { Language } from "./words";
import { Words } from "./words";

export const wordsOf = (language: Language): Words => new Words(language, TEXTS[language], CARDS[language]);
