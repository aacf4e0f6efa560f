/** A race as an address, and the browser's history of them. */

import { PLAIN, placeOf } from "./first";
import type { Race } from "./race";
import { isFrame, withView } from "./restrictions";
import { readLink, writeLink } from "./session/link";

/** This opening of the page: entries of an earlier one are known to the browser alone. */
const LIFE = performance.timeOrigin;

/** Milliseconds of rest after which the address of a dragged start is shown: browsers allow a few a second. */
const REST = 200;

/** The last address: of which entry, when, and the timer of one that waits for a rest. */
let last = { entry: -1, time: -Infinity, timer: 0 };

/** Show the address of a setup in the browser: of another entry as a place from which Back leads away. */
export function visit(link: string, entry: number): void {
  window.clearTimeout(last.timer);
  const now = performance.now();
  const dragged = entry === last.entry && now - last.time < REST;
  const timer = dragged ? window.setTimeout(() => show(link, entry), REST) : 0;
  if (!dragged) show(link, entry);
  last = { entry, time: now, timer };
}

function show(link: string, entry: number): void {
  const before = entryOf(history.state);
  address({ life: LIFE, entry }, placeOf(link) + location.hash, before !== undefined && entry > before);
}

/** Keep the language, or a teacher's lesson, in the address. */
export function sayBeside(name: "lang" | "lesson", value: string): void {
  const kept = location.hash.slice(1).split("&").filter((word) => word !== "" && !word.startsWith(`${name}=`));
  address(history.state, `${location.pathname}${location.search}#${[...kept, `${name}=${value}`].join("&")}`, false);
}

/** The teacher's lesson of the address, packed. */
export function lessonBeside(): string | undefined {
  return /[#&]lesson=([\w-]+)/.exec(location.hash)?.[1];
}

function address(state: unknown, to: string, newer: boolean): void {
  try {
    if (newer) history.pushState(state, "", to);
    else history.replaceState(state, "", to);
  } catch {
    // A page inside another one may have no address of its own.
  }
}

/** Which entry a state of the browser's history stands for, if it is of this opening of the page. */
export function entryOf(state: unknown): number | undefined {
  const { life, entry } = (state ?? {}) as { life?: unknown; entry?: number };
  return life === LIFE ? entry : undefined;
}

/** Whether the browser's history stands at an entry. */
export function isHere(entry: number | undefined): boolean {
  return entry !== undefined && entryOf(history.state) === entry;
}

/** The address that leads to a race as it stands, at its step; in a frame the words of the link alone. */
export function addressOf(race: Race | undefined): string {
  const { setup, step = 0 } = race ?? {};
  const words = withView(writeLink({ ...readLink(setup?.link ?? ""), step }) || PLAIN);
  if (isFrame()) return words;
  // A file has no origin.
  const [place] = location.href.split(/[?#]/);
  const own = setup?.config.lesson === "own" ? `#lesson=${lessonBeside() ?? ""}` : "";
  return `${place}?${words}${own}`;
}
