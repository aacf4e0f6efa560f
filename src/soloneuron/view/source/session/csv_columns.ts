/** Which columns of a table are two features and a label. */

import { CLASS_PAIRS } from "../generated/catalogue";
import type { CsvTable, TableColumn } from "./csv";
import { MOST_VALUES, cellNumber } from "./csv";
import { quoted } from "./fields";
import { Refusal } from "./refusal";

/** Which columns are used: two features, the label, and which of its words is class 1. */
export interface ColumnChoice {
  x1: string;
  x2: string;
  label: string;
  one: string;
}

/** What a label is usually called. */
const LABELS = ["label", "y", "class", "target", "метка", "класс", "ответ"];

/** Columns that can be features: numbers that are not all the same. */
export function featureColumns({ columns }: CsvTable): TableColumn[] {
  return columns.filter(({ numeric, values }) => numeric && values.length > 1);
}

/** Columns that can be the label: at least two values, and not so many that they are a quantity or free text. */
export function labelColumns({ columns }: CsvTable): TableColumn[] {
  return columns.filter(({ values }) => values.length > 1 && values.length <= MOST_VALUES);
}

/**
 * The columns to begin with: the label is the one that is called so, else the last with two values, else the last of few
 * words or numbers. Throws a Refusal where there are no two columns of numbers beside a label.
 */
export function suggestColumns(table: CsvTable): ColumnChoice {
  const named = table.columns.find(({ name }) => LABELS.includes(name.toLowerCase()));
  const possible = labelColumns(table);
  const two = possible.findLast(({ values }) => values.length === 2);
  const label = named ?? two ?? possible.findLast(({ numeric }) => !numeric) ?? possible.at(-1) ?? table.columns.at(-1);
  if (label === undefined) throw new Refusal("playground.csv.empty");
  const features = featureColumns(table).filter((column) => column !== label);
  const [x1, x2] = features;
  if (x1 === undefined || x2 === undefined) {
    throw new Refusal("playground.csv.numbers", { count: features.length, names: quoted(x1?.name ?? "–"), label: quoted(label.name) });
  }
  if (label.values.length < 2) throw new Refusal("playground.points.one_class");
  checkLabel(label);
  return { x1: x1.name, x2: x2.name, label: label.name, one: oneOf(label, table.decimalComma) };
}

/** Refuse a label with so many values that they are no classes. */
export function checkLabel({ name, values }: TableColumn): void {
  if (values.length > MOST_VALUES) throw new Refusal("playground.csv.classes", { label: quoted(name), most: MOST_VALUES });
}

/** The word that is class 1: the largest number, the one that says yes, or the last in the order of letters. */
export function oneOf({ numeric, values }: TableColumn, decimalComma: boolean): string {
  if (numeric) return [...values].sort((a, b) => (cellNumber(a, decimalComma) ?? 0) - (cellNumber(b, decimalComma) ?? 0)).at(-1) ?? "";
  const words = values.map((value) => value.toLowerCase());
  const pair = CLASS_PAIRS.find((known) => words.every((word) => known.includes(word)));
  const said = pair && values.find((value) => value.toLowerCase() === pair[1]);
  return said ?? [...values].sort().at(-1) ?? "";
}
