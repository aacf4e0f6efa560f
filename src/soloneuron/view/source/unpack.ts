/** The first script of the page: it unpacks the other one, style and words, and puts them into the page. */

import { unpackedBytes } from "./lzma";

const packed = document.getElementById("packed") as HTMLElement;
const bytes = Uint8Array.from(atob(packed.textContent ?? ""), (letter) => letter.charCodeAt(0));
const sizes: [string, number][] = JSON.parse(packed.dataset["sizes"] ?? "[]");
const all = unpackedBytes(bytes, sizes.reduce((sum, [, size]) => sum + size, 0));
// A byte a letter, Russian ones too.
const decoder = new TextDecoder("windows-1251");
let from = 0;
for (const [id, size] of sizes) {
  const part = document.createElement(id === "style" ? "style" : "script");
  part.id = id;
  if (part instanceof HTMLScriptElement) part.type = id === "script" ? "module" : "text/plain";
  part.textContent = decoder.decode(all.subarray(from, from + size));
  document.body.append(part);
  from += size;
}
packed.remove();
