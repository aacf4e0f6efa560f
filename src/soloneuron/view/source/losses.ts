/** The losses as functions of the margin m = s z, s = +1 or -1: the same formulas as in `formulas/losses`. */

const wrong = (m: number): number => sigmoid(-m);
const surprise = (m: number): number => Math.max(-m, 0) + Math.log1p(Math.exp(-Math.abs(m)));
const DELTA = 0.5;

export const LOSSES: Record<string, (m: number) => number> = {
  nll: surprise,
  mse: (m) => wrong(m) ** 2,
  mae: wrong,
  huber: (m) => {
    const e = wrong(m);
    return e <= DELTA ? (e * e) / 2 : DELTA * (e - DELTA / 2);
  },
  hinge: (m) => Math.max(0, 1 - m),
  squared_hinge: (m) => Math.max(0, 1 - m) ** 2,
  exponential: (m) => Math.exp(-m),
  focal: (m) => wrong(m) ** 2 * surprise(m),
};

export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
