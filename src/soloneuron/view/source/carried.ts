/** What the page carries beside its own script: words, and what it puts into the pages that it makes. */

export function carriedText(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}

export async function unpackedText(id: string): Promise<string> {
  const bytes = Uint8Array.from(atob(carriedText(id)), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
