/** A lesson that a teacher wrote, by file or in a link. */

import { LESSONS, MENUS } from "../generated/catalogue";
import type { Table } from "../words";
import { readLesson } from "./lesson_file";
import { OWN } from "./link_words";

/** Letters: as many as Python reads. */
const MOST_LETTERS = 2 ** 20;

/** Take a lesson into the page's own; its sentences by language. Throws a Refusal, and nothing is taken then. */
export function takeLesson(text: string): Record<string, Table> {
  const raw = text.length > MOST_LETTERS ? undefined : parsed(text);
  const { lesson, texts } = readLesson(raw);
  LESSONS[OWN] = lesson;
  if (!MENUS.lessons.includes(OWN)) MENUS.lessons.push(OWN);
  return texts;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The bytes of a lesson as the part of an address, and back. */
export async function packedLesson(text: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(JSON.parse(text))), new CompressionStream("deflate-raw"));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

export async function unpackedLesson(word: string): Promise<string> {
  try {
    const bytes = Uint8Array.from(atob(word.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
    return new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
  } catch {
    return "";
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
