/** Coordinates of theta in which all columns have mean 0 and deviation 1, as `formulas/coordinates` has them. */

import type { Coordinates, Rows } from "./types";

/** By how much a deviation must exceed what rounding leaves of a constant column. */
const VARIED = 1e-12;

/** Those of some rows; `curvature` is the largest bend of the loss, and a penalty that bends counts as columns do. */
export function coordinatesOf(rows: Rows, settings: { bias: boolean; l2: number }, curvature: number): Coordinates {
  const { width } = rows;
  const { bias, l2 } = settings;
  const bend = curvature > 0 && curvature < Infinity ? curvature : null;
  const ridge = bend === null ? l2 : l2 / bend;
  const mean = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    const [middle, deviation] = moments(rows, j);
    const varied = deviation > VARIED * Math.abs(middle);
    const plain = bias ? (varied ? deviation : Math.abs(middle)) : Math.hypot(middle, deviation);
    scale[j] = ridge === 0 ? plain || 1 : Math.sqrt(plain * plain + ridge);
    mean[j] = bias ? middle : 0;
  }
  return { mean, scale, bias, bend };
}

/** theta of coordinates. */
export function up({ mean, scale, bias }: Coordinates, inner: Float64Array): Float64Array {
  const theta = inner.slice();
  for (let j = 0; j < scale.length; j++) {
    theta[j] = (inner[j] as number) / (scale[j] as number);
    if (bias) theta[scale.length] = (theta[scale.length] as number) - (theta[j] as number) * (mean[j] as number);
  }
  return theta;
}

/** The gradient in coordinates, of one in theta. */
export function down({ mean, scale, bias }: Coordinates, gradient: Float64Array): Float64Array {
  const last = bias ? (gradient[scale.length] as number) : 0;
  return gradient.map((g, j) => (j < scale.length ? (g - (mean[j] as number) * last) / (scale[j] as number) : g));
}

function moments({ count, width, x }: Rows, column: number): [mean: number, deviation: number] {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[i * width + column] as number;
  const middle = sum / count;
  let shift = 0;
  let square = 0;
  for (let i = 0; i < count; i++) {
    const away = (x[i * width + column] as number) - middle;
    shift += away;
    square += away * away;
  }
  shift /= count;
  return [middle + shift, Math.sqrt(Math.max(0, square / count - shift * shift))];
}
