/** The keyboard: everything that a mouse can do has a key or a control; Russian letters lie on the same keys. */

import type { Page } from "./context";
import { toggle } from "./panel";

/** Where people type; a slider keeps its arrows, a check box the space bar. */
const TYPING = "input:not([type=range], [type=checkbox]), select, textarea, dialog";

/** Hear every key; a digit lets an optimizer join or leave, unless the page has another use for it. */
export function listen(page: Page, digit = (place: number): void => join(page, place)): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    if (target.closest(TYPING) !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      // By its place: Russian letters lie on the same keys.
      if (event.altKey || !/^Key[ZY]$/.test(event.code)) return;
      page.command(event.code === "KeyY" || event.shiftKey ? "redo" : "undo");
      return event.preventDefault();
    }
    if (event.key === " " && target.closest("button, summary, a, [type=checkbox]") !== null) return;
    if (event.key.startsWith("Arrow") && target.closest("[type=range]") !== null) return;
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
    case "ю":
      page.command("step");
      return true;
    case ",":
    case "б":
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
