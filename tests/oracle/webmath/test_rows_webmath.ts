/** What test_rows_webmath.py asks. */

import { addNoise, DATASETS, heldRows, outlierRows } from "@page/training/datasets";
import { epochOrder, Orders } from "@page/training/order";
import { generatorFor } from "@page/training/random";

export const answers = {
  orders: (asked: [number, number, number][]) => asked.map(([rows, seed, epoch]) => epochOrder(rows, seed, epoch)),
  kept: ([rows, seed, epochs]: [number, number, number[]]) => {
    const orders = new Orders(rows, seed);
    return epochs.map((epoch) => orders.at(epoch).slice());
  },
  normals: ([seed, stream, count]: [number, number, number]) => generatorFor(seed, stream).normals(count),
  names: () => Object.keys(DATASETS),
  rows: ([name, seed, rows]: [string, number, number | null]) => DATASETS[name]!({ seed, ...(rows === null ? {} : { rows }) }),
  noisy: ([name, seed, noise]: [string, number, number]) => addNoise(DATASETS[name]!({ seed }), noise, seed),
  held: ([y, share, seed]: [Float64Array, number, number]) => heldRows(y, share, seed),
  outliers: (rows: number) => outlierRows(rows),
};
