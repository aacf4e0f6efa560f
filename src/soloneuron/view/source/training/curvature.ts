/** Eigenvalues of small symmetric matrices, and what they say of descent. */

/** The eigenvalues, the least first, and their directions as columns, of a symmetric matrix given row by row. */
export interface Curvatures {
  readonly values: Float64Array;
  readonly directions: Float64Array;
}

const SWEEPS = 60;

/** What is added to a scaled diagonal of ones: more than rounding leaves of a column that follows from others. */
export const RIDGE = 1e-13;

/** By Jacobi's rotations: exact for the few columns of a neuron in the plane. */
export function curvaturesOf(matrix: Float64Array): Curvatures {
  const n = Math.sqrt(matrix.length);
  const A = matrix.slice();
  const V = new Float64Array(n * n);
  for (let i = 0; i < n; i++) V[i * (n + 1)] = 1;
  for (let sweep = 0; sweep < SWEEPS && sweepOnce(A, V, n); sweep++);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => at(A, i * (n + 1)) - at(A, j * (n + 1)));
  const directions = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) directions[i * n + to] = at(V, i * n + from);
  });
  return { values: Float64Array.from(order, (i) => at(A, i * (n + 1))), directions };
}

/** The largest eigenvalue; NaN if an entry is not finite. */
export function largestCurvature(matrix: Float64Array): number {
  if (!matrix.every(Number.isFinite)) return NaN;
  return curvaturesOf(matrix).values.at(-1) ?? 0;
}

/** 2 / curvature, the rate beyond which plain descent climbs; null where nothing curves, or without bound. */
export function rateLimit(curvature: number): number | null {
  return curvature > 0 && curvature < Infinity ? 2 / curvature : null;
}

/** The matrix with the sizes of its eigenvalues in their place, so that it bends upwards everywhere. */
export function positiveDefinite(matrix: Float64Array): Float64Array {
  const { values, directions } = curvaturesOf(matrix);
  const n = values.length;
  const least = RIDGE * Math.max(...values.map(Math.abs));
  const sizes = values.map((value) => (least > 0 ? Math.max(Math.abs(value), least) : 1));
  return matrix.map((_, place) => {
    const [i, j] = [Math.floor(place / n), place % n];
    return sizes.reduce((sum, size, k) => sum + at(directions, i * n + k) * size * at(directions, j * n + k), 0);
  });
}

/** One rotation for every entry above the diagonal; whether any was worth it. */
function sweepOnce(A: Float64Array, V: Float64Array, n: number): boolean {
  let turned = false;
  for (let p = 0; p < n; p++) {
    for (let q = p + 1; q < n; q++) {
      const entry = at(A, p * n + q);
      const beside = Math.abs(at(A, p * (n + 1))) + Math.abs(at(A, q * (n + 1)));
      // Beside the diagonal it is lost in rounding.
      if (entry === 0 || beside + Math.abs(entry) * 1e-2 === beside) continue;
      turned = true;
      rotate(A, V, n, p, q);
    }
  }
  return turned;
}

function rotate(A: Float64Array, V: Float64Array, n: number, p: number, q: number): void {
  const theta = (at(A, q * (n + 1)) - at(A, p * (n + 1))) / (2 * at(A, p * n + q));
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let i = 0; i < n; i++) turn(A, i * n + p, i * n + q, c, s);
  for (let i = 0; i < n; i++) turn(A, p * n + i, q * n + i, c, s);
  for (let i = 0; i < n; i++) turn(V, i * n + p, i * n + q, c, s);
}

function turn(M: Float64Array, first: number, second: number, c: number, s: number): void {
  const a = at(M, first);
  const b = at(M, second);
  M[first] = c * a - s * b;
  M[second] = s * a + c * b;
}

function at(M: Float64Array, place: number): number {
  return M[place] as number;
}
