/** The cells of a text: parted by a mark and by lines, in quotes where they hold either (RFC 4180). */

/** Rows of cells without those that are empty throughout; `most` of them are read at most. */
export function cellsOf(text: string, mark: string, most = Infinity): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const end = (): void => {
    if (row.some((cell) => cell.trim() !== "")) rows.push(row);
    row = [];
  };
  for (let at = 0; at <= text.length && rows.length < most; ) {
    const [cell, after] = cellAt(text, at, mark);
    row.push(cell);
    at = after + 1;
    if (text[after] === mark && after < text.length) continue;
    if (text[after] === "\r" && text[after + 1] === "\n") at += 1;
    end();
  }
  return rows;
}

/** A cell that begins at a place, and the place behind it: a mark, the end of a line, or of the text. */
function cellAt(text: string, from: number, mark: string): [string, number] {
  const [, blank = ""] = /^([ ]*)"/.exec(text.slice(from, from + 64)) ?? [];
  if (text[from + blank.length] !== '"') return [plain(text, from, mark), endOf(text, from, mark)];
  let cell = "";
  let at = from + blank.length + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    // A quote that nobody closes is a letter like others.
    if (quote < 0) return [plain(text, from, mark), endOf(text, from, mark)];
    cell += text.slice(at, quote);
    if (text[quote + 1] === '"') {
      cell += '"';
      at = quote + 2;
      continue;
    }
    const after = endOf(text, quote + 1, mark);
    return [cell + text.slice(quote + 1, after).trimEnd(), after];
  }
}

const plain = (text: string, from: number, mark: string): string => text.slice(from, endOf(text, from, mark));

function endOf(text: string, from: number, mark: string): number {
  let at = from;
  while (at < text.length && text[at] !== mark && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return at;
}
