/** What a link hides and locks: words of the address that are of the page, and no part of the run. */

import { VIEW_WORDS } from "./generated/catalogue";
import type { Config } from "./protocol";
import { plainConfig } from "./session/link";

const ofView = (word: string): boolean => /^(hide|lock|present)=/.test(word);
const carried = (): string | undefined => document.body.dataset["link"];
const viewPart = (): string[] => FIRST_LINK.split("&").filter(ofView);
const said = (word: "hide" | "lock"): string[] =>
  (new URLSearchParams(VIEW_PART.join("&")).get(word) ?? "").split(",").filter((name) => Object.hasOwn(VIEW_WORDS[word], name));

// Marked as pure: a replay, which has no link, leaves all of it out.
/** The words that the page was opened with; in a frame they stand in the page itself. */
export const FIRST_LINK = /* @__PURE__ */ linkHere();
export const VIEW_PART = /* @__PURE__ */ viewPart();
const HIDDEN = /* @__PURE__ */ said("hide");
const LOCKED = /* @__PURE__ */ said("lock");

/** The words of the address; a page for a frame carries its own. */
export function linkHere(): string {
  return carried() ?? location.search.slice(1);
}

/** Whether no address leads here: that of a frame is none, and a page that carries its words asks for no others. */
export function isFrame(): boolean {
  return carried() !== undefined || location.protocol === "about:";
}

/** The part of a link that is the run. */
export const runOf = (link: string): string => link.split("&").filter((word) => !ofView(word)).join("&");

/** A run's link with what this page hides and locks. */
export const withView = (link: string): string => [link, ...VIEW_PART].filter((part) => part !== "").join("&");

export const hides = (name: string): boolean => HIDDEN.includes(name);

/** Whether nobody can move a control here; what is hidden is locked too. */
export const isFixed = (name: string): boolean => LOCKED.includes(name) || (hides(name) && Object.hasOwn(VIEW_WORDS.lock, name));

/**
 * Which control, if any, a change would move that nobody can move here. What a lock names stays as it is, whatever
 * else is used: a switch between rows and surfaces, which begins anew, is locked where that would change it, and an
 * optimizer that comes back has its former rate if that is locked.
 */
export function fixedIn(changes: Partial<Config>, now: Config): string | undefined {
  const { surface = now.surface } = changes;
  // Whoever may not choose rows may not leave them.
  const all = surface === now.surface ? changes : { ...plainConfig("", surface), ...changes, data: "" };
  return Object.entries(all)
    .flatMap(([name, value]): unknown[][] => {
      const other = now[name as keyof Config];
      if (name === "optimizers") return racing(value as Config["optimizers"], now.optimizers);
      return name === "points" ? [["data", value, other], [name, value, other]] : [[name, value, other]];
    })
    .find(([name, one, other]) => isFixed(String(name)) && JSON.stringify(one) !== JSON.stringify(other))?.[0] as string | undefined;
}

/** The names who race, and the numbers of those who stay, the rate among them. */
function racing(one: Config["optimizers"], other: Config["optimizers"]): unknown[][] {
  const before = new Map(other.map(([name, ...numbers]) => [name, numbers]));
  const rates = one.map(([name, ...numbers]) => ["rate", numbers, before.get(name) ?? numbers]);
  return [["optimizers", one.map(([name]) => name), other.map(([name]) => name)], ...rates];
}

/** Leave out what is hidden, for good. */
export function hideParts(): void {
  const rules = HIDDEN.map((name) => `${VIEW_WORDS.hide[name]},.field:has(${VIEW_WORDS.hide[name]}){display:none!important}`);
  document.head.append(Object.assign(document.createElement("style"), { textContent: rules.join("") }));
}

/** Show the controls that are locked as such. */
export function lockControls(): void {
  for (const name of LOCKED) {
    document.querySelectorAll<HTMLButtonElement>(VIEW_WORDS.lock[name] as string).forEach((control) => (control.disabled = true));
  }
}
