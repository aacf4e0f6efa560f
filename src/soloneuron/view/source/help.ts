/** The dialogs: keys, and texts to take along. */

import type { Page } from "./context";
import { button, el, sign } from "./dom";
import { cardsOf } from "./language";
import type { Words } from "./words";

const KEYS = ["space", "period", "comma", "r", "arrows", "digits", "i", "undo", "question"] as const;

export function showHelp(words: Words): void {
  const rows = KEYS.map((key) =>
    el("div", {}, el("dt", {}, el("kbd", {}, words.say(`help.${key}.key`))), el("dd", {}, words.say(`help.${key}.does`))),
  );
  open(words, words.say("help.title"), el("dl", { class: "keylist" }, ...rows), el("p", {}, words.say("help.mouse")));
}

/** A button that shows an optimizer's card, as the catalogue has it. */
export function about(words: Words, optimizer: string): HTMLButtonElement {
  const title = words.title("optimizers", optimizer);
  const label = words.say("card.about", { name: title });
  const show = (): void => {
    const parts = (cardsOf(words.language)[optimizer] ?? []).map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)));
    open(words, title, el("dl", { class: "optimizer" }, ...parts));
  };
  return sign("?", label, show, { class: "about", "data-focus": `card-${optimizer}` });
}

/** Characters of a line that every browser, terminal and letter leaves whole. */
const LONGEST_LINE = 8000;

/** Give a text away: into the clipboard if the browser allows it, and shown, to be copied by hand. */
export async function carry(page: Page, title: string, text: string): Promise<void> {
  if (await copied(text)) page.notify(page.words.say("page.copied"));
  const long = text.length > LONGEST_LINE && !text.includes("\n");
  const note = long ? [el("p", {}, page.words.say("page.long", { count: text.length }))] : [];
  open(page.words, title, ...note, el("pre", { tabindex: "0", "aria-label": title }, text));
}

/** Whether the browser took a text into the clipboard; over plain http it has none. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A dialog with a button that closes it. */
export function open(words: Words, title: string, ...children: Node[]): HTMLDialogElement {
  const dialog: HTMLDialogElement = el(
    "dialog",
    { "aria-label": title, close: () => dialog.remove() },
    el("h2", {}, title),
    ...children,
    button(words.say("help.close"), () => dialog.close(), { autofocus: true }),
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
