/** What every rule does to a gradient before its own formula: clipping, the sign, weight decay. */

import type { Settings } from "./types";

type Ahead = (theta: Float64Array, t: number, rate: number) => Float64Array;

/** The gradient as the rule's formula takes it; decoupled decay shrinks theta on the spot. */
export type Regular = (theta: Float64Array, gradient: Float64Array, t: number, rate: number, point: Ahead) => Float64Array;

export function regular(h: Settings, count: number): Regular {
  const [value, longest, decay] = [h.clip_value as number | null, h.clip_norm as number | null, h.weight_decay as number];
  const turned = VARIANTS && h.maximize === true;
  if (value === null && longest === null && !turned && decay === 0) return (_theta, gradient) => gradient;
  const coupled = decay !== 0 && h.decay === "coupled";
  const decoupled = decay !== 0 && !coupled;
  const g = new Float64Array(count);
  return (theta, gradient, t, rate, point) => {
    if (VARIANTS) clipped(gradient, g, value, longest);
    else g.set(gradient);
    if (turned) for (let i = 0; i < count; i++) g[i] = -g[i]!;
    if (coupled) {
      const x = point(theta, t, rate);
      for (let i = 0; i < count; i++) g[i]! += decay * x[i]!;
    }
    if (decoupled) for (let i = 0; i < count; i++) theta[i]! -= rate * decay * theta[i]!;
    return g;
  };
}

/** Of every coordinate the length of its part: the first ones, or what comes after them. */
export function norm(x: ArrayLike<number>, out: Float64Array, first: number): void {
  for (const [from, to] of [[0, first], [first, x.length]] as const) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += x[i]! * x[i]!;
    out.fill(Math.sqrt(sum), from, to);
  }
}

/** The gradient with no coordinate above `value`, then no longer than `longest`; lengths in units of the largest coordinate. */
export function clipped(g: ArrayLike<number>, out: Float64Array, value: number | null, longest: number | null): void {
  let largest = 0;
  for (let i = 0; i < g.length; i++) {
    out[i] = value === null ? g[i]! : Math.min(Math.max(g[i]!, -value), value);
    largest = Math.max(largest, Math.abs(out[i]!));
  }
  if (longest === null || largest === 0) return;
  const endless = largest === Infinity;
  const part = (x: number) => (endless ? (Math.abs(x) === Infinity ? Math.sign(x) : 0) : x / largest);
  let squares = 0;
  for (const x of out) squares += part(x) ** 2;
  const length = Math.sqrt(squares);
  if (largest * length <= longest) return;
  for (let i = 0; i < out.length; i++) out[i] = part(out[i]!) * (longest / length);
}
