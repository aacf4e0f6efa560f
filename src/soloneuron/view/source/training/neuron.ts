/** The neuron's sums over rows: p = sigmoid(x . w + b), what it costs, and how that changes with theta. */

import { coordinatesOf } from "./coordinates";
import type { Coordinates, Loss, Objective, Rows } from "./types";

export interface NeuronSettings {
  readonly bias: boolean;
  /** The strength of the L2 penalty, which holds weights and not the bias. */
  readonly l2: number;
}

export class Neuron implements Objective {
  readonly size: number;
  readonly count: number;
  /** (1 - 2 y) (x, 1), row by row: all that a hard label and its row have to say. */
  private readonly signed: Float64Array;
  private readonly logits: Float64Array;
  private readonly slopes: Float64Array;
  private found: Coordinates | undefined;

  constructor(
    readonly rows: Rows,
    readonly loss: Loss,
    readonly settings: NeuronSettings,
  ) {
    const { count, width, x, y } = rows;
    const size = width + Number(settings.bias);
    this.size = size;
    this.count = count;
    this.signed = new Float64Array(count * size);
    for (let i = 0; i < count; i++) {
      const side = 1 - 2 * (y[i] as number);
      for (let j = 0; j < size; j++) this.signed[i * size + j] = side * (j < width ? (x[i * width + j] as number) : 1);
    }
    this.logits = new Float64Array(count);
    this.slopes = new Float64Array(count);
  }

  get smooth(): boolean {
    return this.loss.smooth;
  }

  get coordinates(): Coordinates {
    this.found ??= coordinatesOf(this.rows, this.settings, this.loss.curvature);
    return this.found;
  }

  value(theta: Float64Array): number {
    this.turn(theta);
    return this.loss.total(this.logits, this.count) / this.count + this.penalty(theta);
  }

  gradient(theta: Float64Array, out: Float64Array, rows?: Int32Array, from = 0, to = this.count): void {
    if (rows === undefined) this.turn(theta);
    else this.turnSome(theta, rows, from, to);
    this.loss.slopes(this.logits, this.slopes, to - from);
    if (rows === undefined) this.gather(out);
    else this.gatherSome(out, rows, from, to);
    this.hold(theta, out, to - from);
  }

  both(theta: Float64Array, out: Float64Array): number {
    this.turn(theta);
    const total = this.loss.both(this.logits, this.slopes, this.count);
    this.gather(out);
    this.hold(theta, out, this.count);
    return total / this.count + this.penalty(theta);
  }

  /** The share of rows on the right side at the theta of the last `both` or `value`; z = 0 is class 0. */
  accuracy(): number {
    const { logits, count } = this;
    const { y } = this.rows;
    let right = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      if (t < 0 || (t === 0 && y[i] === 0)) right++;
    }
    return right / count;
  }

  /** The logits of class 1. */
  logitsOf(theta: Float64Array): Float64Array {
    this.turn(theta);
    return this.logits.map((t, i) => ((this.rows.y[i] as number) ? -t : t));
  }

  hessian(theta: Float64Array): Float64Array {
    this.turn(theta);
    const bends = new Float64Array(this.count);
    this.loss.bends(this.logits, bends, this.count);
    return this.bent(bends);
  }

  /** In the place of a bend the larger of its size and a quarter of the slope's, which fades nowhere alone. */
  convexHessian(theta: Float64Array): Float64Array {
    this.turn(theta);
    const bends = new Float64Array(this.count);
    this.loss.bends(this.logits, bends, this.count);
    this.loss.slopes(this.logits, this.slopes, this.count);
    return this.bent(bends.map((bend, i) => Math.max(Math.abs(bend), Math.abs(this.slopes[i] as number) / 4)));
  }

  /** A^T A / n, the second moments of rows and bias: a loss bends so much by its own bend at most. */
  moments(): Float64Array {
    return this.weighed(new Float64Array(this.count).fill(1));
  }

  rounded(width: number): Neuron {
    return this.loss.rounded ? new Neuron(this.rows, this.loss.rounded(width), this.settings) : this;
  }

  /** The logits of the wrong class of all rows: the usual sizes each have a loop of their own. */
  private turn(theta: Float64Array): void {
    const { signed, logits, count, size } = this;
    const a = theta[0] as number;
    const b = theta[1] as number;
    if (size === 2) {
      for (let i = 0, k = 0; i < count; i++, k += 2) logits[i] = a * (signed[k] as number) + b * (signed[k + 1] as number);
    } else if (size === 3) {
      const c = theta[2] as number;
      for (let i = 0, k = 0; i < count; i++, k += 3)
        logits[i] = a * (signed[k] as number) + b * (signed[k + 1] as number) + c * (signed[k + 2] as number);
    } else {
      for (let i = 0; i < count; i++) logits[i] = this.logitAt(theta, i);
    }
  }

  private turnSome(theta: Float64Array, rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.logits[i - from] = this.logitAt(theta, rows[i] as number);
  }

  private logitAt(theta: Float64Array, row: number): number {
    const { signed, size } = this;
    let t = 0;
    for (let j = 0, k = row * size; j < size; j++, k++) t += (theta[j] as number) * (signed[k] as number);
    return t;
  }

  /** The sums of slope times row over all rows. */
  private gather(out: Float64Array): void {
    const { signed, slopes, count, size } = this;
    if (size === 2 || size === 3) {
      let a = 0;
      let b = 0;
      let c = 0;
      for (let i = 0, k = 0; i < count; i++, k += size) {
        const r = slopes[i] as number;
        a += r * (signed[k] as number);
        b += r * (signed[k + 1] as number);
        // Of two columns it is the second once more, and is not used.
        c += r * (signed[k + size - 1] as number);
      }
      out[0] = a;
      out[1] = b;
      if (size === 3) out[2] = c;
    } else {
      out.fill(0);
      for (let i = 0; i < count; i++) this.add(out, slopes[i] as number, i);
    }
  }

  private gatherSome(out: Float64Array, rows: Int32Array, from: number, to: number): void {
    out.fill(0);
    for (let i = from; i < to; i++) this.add(out, this.slopes[i - from] as number, rows[i] as number);
  }

  private add(out: Float64Array, slope: number, row: number): void {
    const { signed, size } = this;
    for (let j = 0, k = row * size; j < size; j++, k++) out[j] = (out[j] as number) + slope * (signed[k] as number);
  }

  /** Sums to means, and the penalty's part. */
  private hold(theta: Float64Array, out: Float64Array, count: number): void {
    const { width } = this.rows;
    const { l2 } = this.settings;
    for (let j = 0; j < this.size; j++)
      out[j] = (out[j] as number) / count + (j < width ? l2 * (theta[j] as number) : 0);
  }

  private penalty(theta: Float64Array): number {
    const { l2 } = this.settings;
    if (l2 === 0) return 0;
    let square = 0;
    for (let j = 0; j < this.rows.width; j++) square += (theta[j] as number) ** 2;
    return (l2 / 2) * square;
  }

  private bent(bends: Float64Array): Float64Array {
    const H = this.weighed(bends);
    for (let j = 0; j < this.rows.width; j++) H[j * (this.size + 1)] = (H[j * (this.size + 1)] as number) + this.settings.l2;
    return H;
  }

  /** A^T diag(s) A / n. */
  private weighed(shares: Float64Array): Float64Array {
    const { signed, count, size } = this;
    const H = new Float64Array(size * size);
    for (let i = 0; i < count; i++) {
      const share = (shares[i] as number) / count;
      for (let j = 0; j < size; j++) {
        const own = share * (signed[i * size + j] as number);
        for (let k = 0; k < size; k++) H[j * size + k] = (H[j * size + k] as number) + own * (signed[i * size + k] as number);
      }
    }
    return H;
  }
}
