/** What the page carries beside its own script: words, and what it puts into the pages that it makes. */

export function carriedText(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}

export async function unpackedText(id: string): Promise<string> {
  const bytes = Uint8Array.from(atob(carriedText(id)), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  // A byte a letter, Russian ones too.
  return new TextDecoder("windows-1251").decode(await new Response(stream).arrayBuffer());
}
