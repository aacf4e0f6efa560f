/** The first script of the page: it unpacks the style and shows the first screen, then comes what trains. */

import { carriedText } from "./carried";
import { firstLanguage } from "./language";
import { unpacking } from "./ppm";

/** So many letters are unpacked at a time where nobody waits for them, and after so many milliseconds the next ones. */
const [PIECE, PAUSE] = [8000, 40];
/** After so many milliseconds it goes on, although nothing was painted: a page in the background is not. */
const UNPAINTED = 100;

const packed = document.getElementById("packed") as HTMLElement;
const raw = atob(packed.textContent ?? "");
packed.remove();
const bytes = new Uint8Array(raw.length);
for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
const letters = unpacking(bytes);
// A byte a letter, Russian ones too.
const decoder = new TextDecoder("windows-1251");
const text = (from: number, size: number): string => decoder.decode(letters.until(from + size).subarray(from, from + size));
// Before everything stands a line that tells how long each part is.
let head = 0;
while (letters.until(head + 1)[head] !== 10) head++;
const sizes = JSON.parse(text(0, head)) as [string, number][];
const places = new Map<string, [number, number]>();
sizes.reduce((from, [id, size]) => (places.set(id, [from, size]), from + size), head + 1);
Object.assign(globalThis, { carriedText: (id: string) => text(...(places.get(id) as [number, number])) });

put("style", "style");
const first = (JSON.parse(carriedText("first")) as Record<string, string>)[firstLanguage()] ?? "";
const { classList, dataset } = document.body;
const bare = location.search === "" && dataset["link"] === undefined && !location.hash.includes("lesson=");
classList.toggle("few", bare);
(document.getElementById("app") as HTMLElement).innerHTML = bare ? first : (first.split("<main")[0] as string);
requestAnimationFrame(() => setTimeout(open));
setTimeout(open, UNPAINTED);

function open(): void {
  if (document.getElementById("script") !== null) return;
  const start = performance.now();
  put("script", "script");
  performance.measure("unpacked", { start });
  setTimeout(goOn, PAUSE, letters.size / 2);
}

/** Unpack what nobody has asked for yet. */
function goOn(place: number): void {
  letters.until(place);
  if (place < letters.size) setTimeout(goOn, PAUSE, place + PIECE);
}

/** A part as an element of the page. */
function put(id: string, tag: "style" | "script"): void {
  const part = document.createElement(tag);
  part.id = id;
  if (part instanceof HTMLScriptElement) part.type = "module";
  part.textContent = carriedText(id);
  document.body.append(part);
}
