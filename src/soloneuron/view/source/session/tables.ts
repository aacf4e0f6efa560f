/** The recording: a row of numbers for every runner at every step, in one array that grows by doubling. */

/** The last columns of a row, after theta. */
export const COLUMNS = ["loss", "gradient_norm", "accuracy", "moved", "rows", "lost"] as const;
export type Column = (typeof COLUMNS)[number];

export class StepTables {
  /** Columns of a row. */
  readonly width: number;
  /** Steps that are held, the start included. */
  count = 0;
  private numbers: Float64Array;

  constructor(
    readonly runners: number,
    readonly parameters: number,
  ) {
    this.width = parameters + COLUMNS.length;
    this.numbers = new Float64Array(64 * runners * this.width);
  }

  /** One step more: its rows, to be filled in. */
  grow(): Float64Array {
    const size = this.runners * this.width;
    if ((this.count + 1) * size > this.numbers.length) {
      const larger = new Float64Array(2 * this.numbers.length);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.count += 1;
    return this.at(this.count - 1);
  }

  /** All rows of a step. */
  at(step: number): Float64Array {
    const size = this.runners * this.width;
    return this.numbers.subarray(step * size, (step + 1) * size);
  }

  /** All numbers of a runner at a step. */
  row(step: number, runner: number): Float64Array {
    const from = (step * this.runners + runner) * this.width;
    return this.numbers.subarray(from, from + this.width);
  }

  read(step: number, runner: number, column: Column): number {
    return this.numbers[(step * this.runners + runner) * this.width + this.parameters + this.place(column)] ?? 0;
  }

  /** A column of a runner over the first so many steps. */
  column(runner: number, column: Column, count: number): Float64Array {
    const out = new Float64Array(count);
    const stride = this.runners * this.width;
    const first = runner * this.width + this.parameters + this.place(column);
    for (let step = 0, at = first; step < count; step++, at += stride) out[step] = this.numbers[at] as number;
    return out;
  }

  /** Where a column stands after theta. */
  place(column: Column): number {
    return COLUMNS.indexOf(column);
  }
}
