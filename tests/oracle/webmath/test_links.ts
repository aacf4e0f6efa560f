import { linkAt, readLink, Refusal, writeLink } from "@page/session/link";
import { words } from "@words";

function judged(link: string): unknown {
  try {
    const config = readLink(link);
    return { config, link: writeLink(config), at: linkAt(config, 7) };
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    const { code, fields } = fault;
    return { code, fields, en: words.en.fault(code, fields), ru: words.ru.fault(code, fields) };
  }
}

export const answers = { judged: (links: string[]) => links.map(judged) };
