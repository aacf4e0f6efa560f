/** What the page carries beside its own script: words, and what it puts into the pages that it makes. */

export function carriedText(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}
