/** A table that somebody brings as a file becomes own points. */

export interface TableColumn {
  name: string;
  /** Whether every filled cell is a number; text columns can only be the label. */
  numeric: boolean;
  /** The different words in it, at most a few. */
  values: readonly string[];
}

export interface CsvTable {
  file: string;
  columns: readonly TableColumn[];
  cells: readonly (readonly string[])[];
  /** "utf-8", "utf-16le", "utf-16be" or "windows-1251". */
  encoding: string;
  delimiter: string;
  decimalComma: boolean;
}

/** Which columns are used: two features, the label, and which of its words is class 1. */
export interface ColumnChoice {
  x1: string;
  x2: string;
  label: string;
  one: string;
}

export interface PointsRead {
  points: [number, number, number][];
  /** The sentences to say, as keys of the page's texts with their fields. */
  said: { key: string; fields: Record<string, string | number> }[];
}

/** Read the bytes of a file. Throws a Refusal. */
export function readCsv(bytes: Uint8Array, file: string): CsvTable {
  throw new Error(`not yet: ${bytes.length} ${file}`);
}

/** The columns to begin with. Throws a Refusal where there are no two columns of numbers beside a label of two values. */
export function suggestColumns(table: CsvTable): ColumnChoice {
  throw new Error(`not yet: ${table.file}`);
}

/** The points of some columns, standardized; of more than 400 rows 400 are drawn. Throws a Refusal. */
export function pointsOf(table: CsvTable, choice: ColumnChoice): PointsRead {
  throw new Error(`not yet: ${table.file} ${choice.x1}`);
}
