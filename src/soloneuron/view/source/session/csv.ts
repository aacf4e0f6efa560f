/** A table that somebody brings as a file becomes own points. */

import { cellsOf } from "./cells";
import { textOf } from "./csv_text";
import { Refusal } from "./refusal";

export type { ColumnChoice } from "./csv_columns";
export { featureColumns, labelColumns, oneOf, suggestColumns } from "./csv_columns";
export type { PointsRead } from "./csv_points";
export { pointsOf } from "./csv_points";

export interface TableColumn {
  name: string;
  /** Whether every filled cell is a number; text columns can only be the label. */
  numeric: boolean;
  /** The different words in it, at most `MOST_VALUES` and one. */
  values: readonly string[];
}

export interface CsvTable {
  file: string;
  columns: readonly TableColumn[];
  /** Rows of as many cells as there are columns. */
  cells: readonly (readonly string[])[];
  /** Lines that had more or fewer cells, and were left out. */
  ragged: number;
  decimalComma: boolean;
}

/** A label with more values is a quantity, or free text. */
export const MOST_VALUES = 50;

/** Marks between columns, those first that stand in no number. */
const DELIMITERS = ["\t", ";", "|", ","];
const TRIED_LINES = 50;

const POINT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const COMMA = /^[-+]?(?:\d+,?\d*|,\d+)(?:e[-+]?\d+)?$/i;
/** Thousands parted by a space, as people write them. */
const SPACES = /(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g;

/** Read the bytes of a file. Throws a Refusal. */
export function readCsv(bytes: Uint8Array, file: string): CsvTable {
  const whole = textOf(bytes);
  const said = /^sep=(.)\r?\n/i.exec(whole);
  const text = said === null ? whole : whole.slice(said[0].length);
  const delimiter = said?.[1] ?? delimiterOf(text);
  const rows = cellsOf(text, delimiter).map((row) => row.map(filled));
  const [head = [], ...rest] = rows;
  const named = head.some((cell) => cell !== "" && cellNumber(cell, true) === null && cellNumber(cell, false) === null);
  const body = named ? rest : rows;
  const cells = body.filter((row) => row.length === head.length);
  if (cells.length === 0) throw new Refusal("playground.csv.rows", { count: body.length });
  const decimalComma = !cells.some((row) => row.some((cell) => /\d\.\d/.test(cell) && cellNumber(cell, false) !== null));
  const names = namesOf(named ? head : head.map(() => ""));
  const columns = names.map((name, place) => columnOf(name, cells.map((row) => row[place] ?? ""), decimalComma));
  return { file, columns, cells, ragged: body.length - cells.length, decimalComma };
}

/** What a cell holds; signs that something is not known are nothing. */
function filled(cell: string): string {
  const word = cell.trim();
  return /^(?:\?|n\/?a|nan|null)$/i.test(word) ? "" : word;
}

/** The number that a cell spells, or null. */
export function cellNumber(cell: string, decimalComma: boolean): number | null {
  const plain = cell.replace(SPACES, "").replace(/^\u2212/, "-");
  if (POINT.test(plain)) return Number(plain);
  return decimalComma && COMMA.test(plain) ? Number(plain.replace(",", ".")) : null;
}

/** The mark that parts all of the first lines into the same number of columns. */
function delimiterOf(text: string): string {
  const tried = DELIMITERS.map((delimiter) => {
    const rows = cellsOf(text, delimiter, TRIED_LINES);
    const width = rows[0]?.length ?? 0;
    return { delimiter, width, alike: rows.filter((row) => row.length === width).length / Math.max(1, rows.length) };
  }).filter(({ width }) => width > 1);
  const best = Math.max(...tried.map(({ alike }) => alike));
  return tried.find(({ alike }) => alike === best)?.delimiter ?? ",";
}

function columnOf(name: string, cells: readonly string[], decimalComma: boolean): TableColumn {
  const values = new Set<string>();
  let [numeric, filled] = [true, 0];
  for (const cell of cells) {
    if (cell === "") continue;
    filled++;
    numeric &&= cellNumber(cell, decimalComma) !== null;
    if (values.size <= MOST_VALUES) values.add(cell);
  }
  return { name, numeric: numeric && filled > 0, values: [...values] };
}

/** Every column has a name of its own. */
function namesOf(head: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return head.map((cell, place) => {
    const name = cell === "" ? `column_${place + 1}` : cell;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
