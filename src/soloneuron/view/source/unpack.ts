/** The first script of the page: it unpacks the other one, style and words, and puts them into the page. */

import { unpackedLetters } from "./ppm";

const packed = document.getElementById("packed") as HTMLElement;
const bytes = Uint8Array.from(atob(packed.textContent ?? ""), (letter) => letter.charCodeAt(0));
const start = performance.now();
const all = unpackedLetters(bytes);
performance.measure("unpacked", { start });
// A byte a letter, Russian ones too.
const decoder = new TextDecoder("windows-1251");
// Before everything stands a line that tells how long each part is.
let from = all.indexOf(10) + 1;
const sizes: [string, number][] = JSON.parse(decoder.decode(all.subarray(0, from)));
for (const [id, size] of sizes) {
  const part = document.createElement(id === "style" ? "style" : "script");
  part.id = id;
  if (part instanceof HTMLScriptElement) part.type = id === "script" ? "module" : "text/plain";
  part.textContent = decoder.decode(all.subarray(from, from + size));
  document.body.append(part);
  from += size;
}
packed.remove();
