import { linkAt, readLink, Refusal, writeLink } from "@page/session/link";
import { faultSentence } from "@page/words";
import { words } from "@words";

function judged(link: string): unknown {
  try {
    const config = readLink(link);
    return { config, link: writeLink(config), at: linkAt(config, 7) };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    const { code, fields } = fault;
    return { code, fields, en: faultSentence(words.en, fault), ru: faultSentence(words.ru, fault) };
  }
}

export const answers = { judged: (links: string[]) => links.map(judged) };
