/** The keyboard: everything that a mouse can do has a key or a control. */

import type { Page } from "./context";

/** Where people type; a slider keeps its arrows, a check box the space bar. */
const TYPING = "input:not([type=range], [type=checkbox], [type=radio]), textarea, dialog";
/** Where arrows, the space bar, letters and digits choose: of plain keys the page hears these alone. */
const CHOOSING = "select, [type=radio]";
const HEARD = /^[.,ri?]$/;

/** The keys of commands, by their places. */
const PLACES: Record<string, string> = { Period: ".", Comma: ",", KeyR: "r", KeyI: "i" };

/** Hear every key; what a digit does is the page's. */
export function listen(page: Page, digit: (place: number) => void): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as Element;
    if (target.closest(TYPING) !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.altKey || !/^Key[ZY]$/.test(event.code)) return;
      page.command(event.code === "KeyY" || event.shiftKey ? "redo" : "undo");
      return event.preventDefault();
    }
    if (target.closest(CHOOSING) !== null && !HEARD.test(keyOf(event))) return;
    if (event.key === " " && target.closest("button, summary, a, [type=checkbox]") !== null) return;
    if (event.key.startsWith("Arrow") && target.closest("[type=range]") !== null) return;
    if (act(page, event, digit)) event.preventDefault();
  });
}

/** The key; where the keyboard has no Latin letters, by its place. */
function keyOf(event: KeyboardEvent): string {
  return event.key < "\x7f" ? event.key.toLowerCase() : (PLACES[event.code] ?? "");
}

function act(page: Page, event: KeyboardEvent, digit: (place: number) => void): boolean {
  const step = page.race?.step ?? 0;
  const stride = event.shiftKey ? 100 : 10;
  switch (keyOf(event)) {
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
      page.command("reset");
      return true;
    case "i":
      page.command("inside");
      return true;
    case "?":
      page.command("help");
      return true;
    case "arrowleft":
      page.go(Math.max(0, step - stride));
      return true;
    case "arrowright":
      page.go(Math.min(page.race?.recorded ?? 0, step + stride));
      return true;
    default:
      if (!/^[1-9]$/.test(event.key)) return false;
      digit(Number(event.key) - 1);
      return true;
  }
}
