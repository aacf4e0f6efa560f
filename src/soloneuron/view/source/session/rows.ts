/** The rows that a config asks for: none, on a surface. */

import type { Config } from "../protocol";
import { addNoise, DATASETS, heldRows, outlierRows } from "../training/datasets";
import type { Rows } from "../training/types";
import { Refusal } from "./refusal";

/** Those to learn from, beside those that are held back. Throws a Refusal where that would be none. */
export function rowsOf(config: Config): Rows {
  const { test, seed } = config;
  const made = madeRows(config);
  if (test === 0) return made;
  const held = heldRows(made.y, test, seed);
  if (!held.includes(1)) throw new Refusal("playground.points.test", { share: test, count: made.count });
  return { ...part(made, (row) => held[row] === 0), test: part(made, (row) => held[row] === 1) };
}

/** All rows, before some are held back. */
export function madeRows({ surface, data, points, noise, seed }: Config): Rows {
  return addNoise((surface === "" ? DATASETS[data]?.({ seed }) : undefined) ?? ownRows(points), noise, seed);
}

/** Some of the rows. */
export function part({ width, x, y }: Rows, chosen: (row: number) => boolean): Rows {
  const kept = y.filter((_, row) => chosen(row));
  return { count: kept.length, width, x: x.filter((_, k) => chosen(Math.floor(k / width))), y: kept };
}

function ownRows(points: Config["points"]): Rows {
  const x = Float64Array.from(points.flatMap(([x1, x2]) => [x1, x2]));
  return { count: points.length, width: 2, x, y: Float64Array.from(points, ([, , label]) => label) };
}

/** The rows to learn from that are where they belong: all, but in `outliers`. */
export function cleanRows(config: Config, count: number): number[] {
  if (config.data !== "outliers") return Array.from({ length: count }, (_, row) => row);
  const { y } = madeRows(config);
  const held = heldRows(y, config.test, config.seed);
  const wrong = outlierRows(y.length).filter((_, row) => held[row] === 0);
  return Array.from({ length: count }, (_, row) => row).filter((row) => !wrong[row]);
}
