/** How many of a class predict what: a button a choice, counted in this page alone. */

import { button, el } from "./dom";
import type { Words } from "./words";

/** By lesson and choice; they outlive a change of language. */
const counts = new Map<string, number>();

export function tally(words: Words, lesson: string, choices: readonly [string, string][]): HTMLElement {
  const keys = choices.map(([value, label]) => {
    const key = `${lesson} ${value}`;
    const shown = (): string => `${label}: ${counts.get(key) ?? 0}`;
    const add = button(shown(), () => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      add.textContent = shown();
    }, { class: "chip" });
    const clear = (): void => {
      counts.delete(key);
      add.textContent = shown();
    };
    return { add, clear };
  });
  const reset = button(words.say("lesson.clear"), () => keys.forEach(({ clear }) => clear()), { class: "text" });
  return el("details", { class: "tally" }, el("summary", {}, words.say("lesson.tally")), el("div", { class: "row" }, ...keys.map(({ add }) => add), reset));
}
