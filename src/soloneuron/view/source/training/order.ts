/** The order in which rows are taken, as `data/seeding` has it. */

import { generatorFor } from "./random";

/** The shuffled order of one epoch, from 0: a function of seed and epoch alone. */
export function epochOrder(rows: number, seed: number, epoch: number): Int32Array {
  return generatorFor(seed, epoch).permutation(rows);
}

/** The orders of one seed. The last is kept: many runs ask for it, batch after batch. */
export class Orders {
  private epoch = -1;
  private order: Int32Array = new Int32Array(0);

  constructor(
    readonly rows: number,
    readonly seed: number,
  ) {}

  at(epoch: number): Int32Array {
    if (epoch !== this.epoch) {
      this.order = epochOrder(this.rows, this.seed, epoch);
      this.epoch = epoch;
    }
    return this.order;
  }
}
