/** A field for a number as people type it. */

import type { Live } from "./context";
import { el } from "./dom";
import { bound, quoted, typedNumber } from "./session/fields";

/** Of a number: how a refusal calls it, and from where to where it goes. */
export type Range = readonly [name: string, least: number, most: number];

export class NumberField {
  readonly box: HTMLInputElement;

  constructor(
    private readonly page: Live,
    private readonly range: Range,
    value: number,
    attributes: Record<string, string>,
    change: (value: number) => void = () => undefined,
  ) {
    // Not before the focus has moved on: what is built anew would lose it.
    const entered = (): void => void window.setTimeout(() => this.use(change));
    this.box = el("input", { inputmode: "decimal", size: 6, value: inField(value), change: entered, ...attributes });
  }

  /** Hand the number over; what is none is refused as it was typed. */
  use(take: (value: number) => void): void {
    const [name, least, most] = this.range;
    const { value } = this.box;
    const number = typedNumber(value);
    if (number >= least && number <= most) return take(number);
    const fields = { name, value: quoted(value), least: bound(least), most: bound(most) };
    this.page.refuse({ code: "playground.number", fields });
  }
}

/** Small numbers are short this way: a field has room for six digits. */
function inField(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}
