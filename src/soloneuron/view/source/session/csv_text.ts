/** The text of a file that somebody brings: UTF-8, UTF-16 or one byte a letter. */

import { Refusal } from "./refusal";

/** Bytes; more than any class needs, and read in less than a second. */
const MOST_BYTES = 20 * 2 ** 20;
const LOOKED_AT = 4096;

/** Throws a Refusal where the bytes are no text. */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) throw new Refusal("playground.csv.large", { most: MOST_BYTES / 2 ** 20 });
  // Workbooks are archives.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new Refusal("playground.csv.workbook");
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (text.includes("\0")) throw new Refusal("playground.csv.binary");
  if (text.trim() === "") throw new Refusal("playground.csv.empty");
  return text;
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const wide = wideEncoding(bytes.subarray(0, LOOKED_AT));
  if (wide !== null) return wide;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "utf-8";
  } catch {
    return cyrillic(bytes) ? "windows-1251" : "windows-1252";
  }
}

/** UTF-16 without a mark: of marks, digits and Latin letters every second byte is 0. */
function wideEncoding(bytes: Uint8Array): string | null {
  const zeros = [0, 0];
  bytes.forEach((byte, place) => {
    if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < bytes.length / 6 || Math.min(even, odd) > 0) return null;
  return odd > even ? "utf-16le" : "utf-16be";
}

/** Cyrillic words are beyond ASCII in all their letters; in others such a letter stands among Latin ones. */
function cyrillic(bytes: Uint8Array): boolean {
  const words = new TextDecoder("latin1").decode(bytes).match(/[A-Za-z\u0080-\u00ff]*[\u0080-\u00ff][A-Za-z\u0080-\u00ff]*/g) ?? [];
  return words.filter((word) => /[A-Za-z]/.test(word)).length < words.length / 2;
}
