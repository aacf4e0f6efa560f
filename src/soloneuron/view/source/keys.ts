/** The keyboard: everything that a mouse can do has a key or a control. */

import type { Page } from "./context";
import { toggle } from "./panel";

const FIELDS = "input, select, textarea, dialog";

/** Hear every key; a digit lets an optimizer join or leave, unless the page has another use for it. */
export function listen(page: Page, digit = (place: number): void => join(page, place)): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(FIELDS) !== null) return;
    if (event.key === " " && target.closest("button, summary, a") !== null) return;
    if (act(page, event, digit)) event.preventDefault();
  });
}

function act(page: Page, event: KeyboardEvent, digit: (place: number) => void): boolean {
  const step = page.race?.step ?? 0;
  const stride = event.shiftKey ? 100 : 10;
  switch (event.key) {
    case " ":
      page.command("play");
      return true;
    case ".":
      page.command("step");
      return true;
    case ",":
      page.command("back");
      return true;
    case "r":
    case "R":
    case "к":
    case "К":
      page.command("reset");
      return true;
    case "i":
    case "I":
    case "ш":
    case "Ш":
      page.command("inside");
      return true;
    case "?":
      page.command("help");
      return true;
    case "ArrowLeft":
      page.go(Math.max(0, step - stride));
      return true;
    case "ArrowRight":
      page.go(Math.min(page.race?.recorded ?? 0, step + stride));
      return true;
    default:
      if (!/^[1-9]$/.test(event.key)) return false;
      digit(Number(event.key) - 1);
      return true;
  }
}

function join(page: Page, place: number): void {
  const entry = Object.entries(page.menus.optimizers)[place];
  if (entry !== undefined) toggle(page, ...entry);
}
