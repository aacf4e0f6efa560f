/** The points of some columns of a table: complete rows, standardized, and of many a sample. */

import { LIMITS } from "../generated/catalogue";
import type { Point } from "../protocol";
import { epochOrder } from "../training/order";
import type { CsvTable, TableColumn } from "./csv";
import { cellNumber } from "./csv";
import type { ColumnChoice } from "./csv_columns";
import { checkLabel } from "./csv_columns";
import { placed, quoted } from "./fields";
import { Refusal } from "./refusal";

export interface PointsRead {
  points: Point[];
  /** The sentences to say, as keys of the texts with their fields. */
  said: { key: string; fields: Record<string, string | number> }[];
}

/** The points of some columns, standardized; of more rows than a link may hold some are drawn. Throws a Refusal. */
export function pointsOf(table: CsvTable, { x1, x2, label, one }: ColumnChoice): PointsRead {
  const [first, second, last] = [x1, x2, label].map((name) => columnOf(table, name)) as [number, number, number];
  checkLabel(table.columns[last] as TableColumn);
  const rows = table.cells.flatMap((cells) => {
    const [a, b] = [first, second].map((place) => cellNumber(cells[place] ?? "", table.decimalComma));
    const word = cells[last] ?? "";
    return a == null || b == null || !Number.isFinite(a) || !Number.isFinite(b) || word === "" ? [] : [{ a, b, word }];
  });
  if (rows.length === 0) throw new Refusal("playground.csv.rows", { count: table.cells.length });
  const labels = rows.map(({ word }) => (alike(word, one, table.decimalComma) ? 1 : 0));
  if (new Set(labels).size < 2) throw new Refusal("playground.points.one_class");
  const columns = [standardized(rows.map(({ a }) => a)), standardized(rows.map(({ b }) => b))];
  const points = sampled(labels).map((row): Point => [
    placed(columns[0]?.[row] ?? 0), placed(columns[1]?.[row] ?? 0), labels[row] ?? 0,
  ]);
  const others = [...new Set(rows.filter((_, row) => labels[row] === 0).map(({ word }) => word))];
  return { points, said: sentences(table, { x1, x2, label, one }, rows.length, points.length, others) };
}

function columnOf({ columns }: CsvTable, name: string): number {
  return columns.findIndex((column) => column.name === name);
}

/** Whether two cells are one value: 1.0 is 1. */
function alike(word: string, one: string, decimalComma: boolean): boolean {
  if (word === one) return true;
  const [a, b] = [cellNumber(word, decimalComma), cellNumber(one, decimalComma)];
  return a === null || b === null ? word.toLowerCase() === one.toLowerCase() : a === b;
}

/** A column at mean 0 and deviation 1. */
function standardized(column: readonly number[]): number[] {
  // By a power of two of its size, so that no square overflows; then nothing is rounded by it.
  const size = 2 ** Math.floor(Math.log2(column.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1));
  const scaled = column.map((value) => value / size);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const away = scaled.map((value) => value - mean);
  const rest = away.reduce((sum, value) => sum + value, 0) / away.length;
  const deviation = Math.sqrt(away.reduce((sum, value) => sum + (value - rest) ** 2, 0) / away.length);
  return away.map((value) => (deviation > 0 ? (value - rest) / deviation : 0));
}

/** All rows, or as many as a link holds by seeded chance, in the order of the file; of each class one at least. */
function sampled(labels: readonly number[]): number[] {
  const count = labels.length;
  if (count <= LIMITS.most_points) return labels.map((_, row) => row);
  const order = [...epochOrder(count, 0, 0)];
  const chosen = order.slice(0, LIMITS.most_points);
  const missing = [0, 1].find((label) => !chosen.some((row) => labels[row] === label));
  if (missing !== undefined) chosen[chosen.length - 1] = order.find((row) => labels[row] === missing) as number;
  return chosen.sort((a, b) => a - b);
}

function sentences(
  table: CsvTable, { x1, x2, label, one }: ColumnChoice, rows: number, kept: number, others: readonly string[],
): PointsRead["said"] {
  const { cells, columns, ragged } = table;
  const said: PointsRead["said"] = [];
  const say = (key: string, fields: Record<string, string | number>): void => void said.push({ key: `playground.${key}`, fields });
  const total = cells.length + ragged;
  say("page.opened", { kept, rows: total, label: quoted(label), one: quoted(one), x1: quoted(x1), x2: quoted(x2) });
  const out = total - rows;
  if (out > 0) say("csv.left_out", { count: out });
  if (kept < rows) say("csv.sampled", { kept, rows });
  if (others.length > 1) say("csv.rest", { count: others.length, one: quoted(one), label: quoted(label) });
  const words = columns.filter(({ name, numeric }) => !numeric && name !== label).map(({ name }) => name);
  if (words.length > 0) say("csv.words", { count: words.length, names: quoted(words.join(", "), 80) });
  return said;
}
