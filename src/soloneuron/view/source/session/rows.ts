/** The rows that a config asks for: none, on a surface. */

import type { Config } from "../protocol";
import { addNoise, DATASETS, outlierRows } from "../training/datasets";
import type { Rows } from "../training/types";

export function rowsOf({ surface, data, points, noise, seed }: Config): Rows {
  return addNoise((surface === "" ? DATASETS[data]?.({ seed }) : undefined) ?? ownRows(points), noise, seed);
}

function ownRows(points: Config["points"]): Rows {
  const x = Float64Array.from(points.flatMap(([x1, x2]) => [x1, x2]));
  return { count: points.length, width: 2, x, y: Float64Array.from(points, ([, , label]) => label) };
}

/** The rows of a data set that are where they belong: all, but in `outliers`. */
export function cleanRows(data: string, count: number): number[] {
  const wrong = data === "outliers" ? outlierRows(count) : new Uint8Array(count);
  return Array.from(wrong.keys()).filter((row) => wrong[row] === 0);
}
