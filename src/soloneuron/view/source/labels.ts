/** Names beside the things they name, moved apart where they would cover each other. */

import { ink } from "./colors";

/** The height of a line of names. */
export const LINE = 11;

export const NAMES = "600 10.5px system-ui, sans-serif";

export interface Label {
  name: string;
  /** The place of the thing that has the name. */
  x: number;
  y: number;
}

/** Heights as near to the wanted ones as names allow that keep their distance and stay between two edges. */
export function spread(wanted: number[], low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0) || one - other);
  const found = [...wanted];
  let last = low - LINE;
  for (const i of order) last = found[i] = Math.max(wanted[i] ?? 0, last + LINE);
  last = high + LINE;
  for (const i of order.reverse()) last = found[i] = Math.min(found[i] ?? 0, last - LINE);
  return found;
}

/** Those of many labels that may stand where their things are without covering each other. */
export function apart<Kind extends Label>(labels: Kind[]): Kind[] {
  let last = -Infinity;
  return [...labels].sort((one, other) => one.y - other.y).filter(({ y }) => {
    if (y - last < LINE) return false;
    last = y;
    return true;
  });
}

/** Write names with a halo, to the right of their things or, beyond a border, to the left. */
export function write(paint: CanvasRenderingContext2D, labels: Label[], heights: number[], border = Infinity): void {
  paint.save();
  paint.font = NAMES;
  paint.textBaseline = "middle";
  paint.lineWidth = 3;
  paint.lineJoin = "round";
  paint.strokeStyle = ink().halo;
  paint.fillStyle = ink().text;
  labels.forEach(({ name, x }, i) => {
    const side = x > border ? -9 : 9;
    paint.textAlign = side < 0 ? "right" : "left";
    paint.strokeText(name, x + side, heights[i] ?? 0);
    paint.fillText(name, x + side, heights[i] ?? 0);
  });
  paint.restore();
}
