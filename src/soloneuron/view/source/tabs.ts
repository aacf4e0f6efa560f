/** In a narrow window one part of the page at a time. */

import { button, el } from "./dom";
import type { Words } from "./words";

const PARTS = ["panel", "stage", "curves", "numbers"] as const;

export function tabs(words: Words, main: HTMLElement): HTMLElement {
  const made = PARTS.map((part) =>
    button(words.say(`tabs.${part}`), () => {
      main.dataset["tab"] = part;
      made.forEach((tab, i) => tab.setAttribute("aria-pressed", String(PARTS[i] === part)));
    }, { "aria-pressed": String(main.dataset["tab"] === part) }),
  );
  return el("nav", { class: "tabs", "aria-label": words.say("tabs.title") }, ...made);
}
