/** Written by scripts/generate from the library's formulas: do not edit. */

export const TERMS: Readonly<Record<string, (x1: number, x2: number) => number>> = {
  x1x1: (x1) => x1 * x1,
  x2x2: (_, x2) => x2 * x2,
  x1x2: (x1, x2) => x1 * x2,
  sinx1: (x1) => Math.sin(x1),
  sinx2: (_, x2) => Math.sin(x2),
};
