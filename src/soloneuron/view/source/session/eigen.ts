/** Eigenvalues and directions of a small symmetric matrix, by Jacobi's rotations. */

export interface Eigen {
  /** The least first. */
  readonly values: number[];
  /** Of unit length, in the same order. */
  readonly directions: number[][];
}

export function eigenOf(matrix: readonly (readonly number[])[]): Eigen {
  const a = matrix.map((row) => [...row]);
  const k = a.length;
  const v = a.map((_, i) => a.map((_, j) => Number(i === j)));
  const at = (rows: number[][], i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < k; p++) for (let q = 0; q < p; q++) off += at(a, p, q) ** 2;
    if (off === 0) break;
    for (let p = 0; p < k; p++) {
      for (let q = 0; q < p; q++) {
        if (at(a, p, q) === 0) continue;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * at(a, p, q));
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        rotate(a, p, q, c, t * c);
        for (const row of v) turn(row, p, q, c, t * c);
      }
    }
  }
  const order = a.map((row, i) => ({ value: row[i] ?? 0, i })).sort((one, two) => one.value - two.value);
  return { values: order.map(({ value }) => value), directions: order.map(({ i }) => v.map((row) => row[i] ?? 0)) };
}

/** a <- R^T a R for the rotation of two axes. */
function rotate(a: number[][], p: number, q: number, c: number, s: number): void {
  for (const row of a) turn(row, p, q, c, s);
  const [up, uq] = [a[p] ?? [], a[q] ?? []];
  a[p] = up.map((x, j) => c * x - s * (uq[j] ?? 0));
  a[q] = up.map((x, j) => s * x + c * (uq[j] ?? 0));
  // What the rotation was chosen to remove is gone, whatever rounding leaves.
  (a[p] as number[])[q] = (a[q] as number[])[p] = 0;
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p] ?? 0, row[q] ?? 0];
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}
