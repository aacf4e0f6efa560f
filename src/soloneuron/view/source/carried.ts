/** What the page carries beside its own script: words, and what it puts into the pages that it makes. */

/** A part by its name; the page's first script unpacks it as soon as it is asked for. */
export function carriedText(id: string): string {
  return (globalThis as unknown as { carriedText(id: string): string }).carriedText(id);
}
