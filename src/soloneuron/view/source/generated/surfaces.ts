/** Written by scripts/generate from the library's formulas: do not edit. */

import type { Surface } from "../training/types";

export const SURFACES: Readonly<Record<string, Surface>> = {
  bowl: {
    start: [-1, 1],
    window: [-2, 2, -2, 2],
    lowest: 0,
    minima: [[0, 0]],
    value(x, y) {
      return (x * x + y * y) / 2;
    },
    gradient(x, y) {
      return [x, y];
    },
  },
  ravine: {
    start: [-1.5, 1],
    window: [-2, 2, -2, 2],
    lowest: 0,
    minima: [[0, 0]],
    value(x, y) {
      return (x * x + 100 * y * y) / 2;
    },
    gradient(x, y) {
      return [x, 100 * y];
    },
  },
  rotated_ravine: {
    start: [-1.7677669529663689, -0.3535533905932736],
    window: [-2, 2, -2, 2],
    lowest: 0,
    minima: [[0, 0]],
    value(x, y) {
      const a0 = 0.7071067811865476 * x + 0.7071067811865475 * y;
      const a1 = 0.7071067811865476 * y - 0.7071067811865475 * x;
      return (a0 * a0 + 100 * a1 * a1) / 2;
    },
    gradient(x, y) {
      const a0 = 0.7071067811865476 * x + 0.7071067811865475 * y;
      const a1 = 100 * (0.7071067811865476 * y - 0.7071067811865475 * x);
      return [0.7071067811865476 * a0 - 0.7071067811865475 * a1, 0.7071067811865475 * a0 + 0.7071067811865476 * a1];
    },
  },
  rosenbrock: {
    start: [-1.2, 1],
    window: [-2, 2, -1, 3],
    lowest: 0,
    minima: [[1, 1]],
    value(x, y) {
      const a0 = 1 - x;
      const a1 = y - x * x;
      return a0 * a0 + 100 * (a1 * a1);
    },
    gradient(x, y) {
      const a0 = y - x * x;
      return [2 * (x - 1) - 400 * x * a0, 200 * a0];
    },
  },
  beale: {
    start: [1, 1.5],
    window: [-4.5, 4.5, -4.5, 4.5],
    lowest: 0,
    minima: [[3, 0.5]],
    value(x, y) {
      const a0 = 1.5 - x * (1 - y);
      const a1 = y * y;
      const a2 = 2.25 - x * (1 - a1);
      const a3 = 2.625 - x * (1 - a1 * y);
      return a0 * a0 + a2 * a2 + a3 * a3;
    },
    gradient(x, y) {
      const a0 = 1 - y;
      const a1 = 2 * (1.5 - x * a0);
      const a2 = y * y;
      const a3 = 1 - a2;
      const a4 = 2 * (2.25 - x * a3);
      const a5 = 1 - a2 * y;
      const a6 = 2 * (2.625 - x * a5);
      return [-(a1 * a0) - a4 * a3 - a6 * a5, a1 * x + a4 * x * 2 * y + a6 * x * 3 * a2];
    },
  },
  himmelblau: {
    start: [0, 0],
    window: [-5, 5, -5, 5],
    lowest: 0,
    minima: [[3, 2], [-2.805118086952745, 3.131312518250573], [-3.779310253377747, -3.28318599128617], [3.584428340330492, -1.848126526964404]],
    value(x, y) {
      const a0 = x * x + y - 11;
      const a1 = x + y * y - 7;
      return a0 * a0 + a1 * a1;
    },
    gradient(x, y) {
      const a0 = x * x + y - 11;
      const a1 = x + y * y - 7;
      return [4 * a0 * x + 2 * a1, 2 * a0 + 4 * a1 * y];
    },
  },
  goldstein_price: {
    start: [-0.5, 0.5],
    window: [-2, 2, -2, 2],
    lowest: 3,
    minima: [[0, -1]],
    value(x, y) {
      const a0 = x + y + 1;
      const a1 = 3 * y;
      const a2 = 2 * x - a1;
      return (1 + a0 * a0 * (19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + a1 * y)) * (30 + a2 * a2 * (18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y));
    },
    gradient(x, y) {
      const a0 = x + y + 1;
      const a1 = 6 * x;
      const a2 = 3 * y;
      const a3 = 19 - 14 * x + 3 * x * x - 14 * y + a1 * y + a2 * y;
      const a4 = a0 * a0;
      const a5 = 2 * x - a2;
      const a6 = a5 * a5;
      const a7 = 36 * x;
      const a8 = 18 - 32 * x + 12 * x * x + 48 * y - a7 * y + 27 * y * y;
      const a9 = (2 * a0 * a3 + a4 * (a1 + 6 * y - 14)) * (30 + a6 * a8);
      const a10 = 1 + a4 * a3;
      return [a9 + a10 * (4 * a5 * a8 + a6 * (24 * x - 36 * y - 32)), a9 + a10 * (-6 * a5 * a8 + a6 * (54 * y - a7 + 48))];
    },
  },
  rastrigin: {
    start: [-2.6, 1.6],
    window: [-5.12, 5.12, -5.12, 5.12],
    lowest: 0,
    minima: [[0, 0]],
    value(x, y) {
      return 20 + x * x - 10 * Math.cos(6.283185307179586 * x) + y * y - 10 * Math.cos(6.283185307179586 * y);
    },
    gradient(x, y) {
      return [2 * x + 62.83185307179586 * Math.sin(6.283185307179586 * x), 2 * y + 62.83185307179586 * Math.sin(6.283185307179586 * y)];
    },
  },
  saddle: {
    start: [-1, 0.001],
    window: [-2, 2, -2, 2],
    lowest: -0.25,
    minima: [[0, 1], [0, -1]],
    value(x, y) {
      const a0 = y * y;
      return (x * x - a0) / 2 + a0 * a0 / 4;
    },
    gradient(x, y) {
      return [x, y * y * y - y];
    },
  },
  plateau: {
    start: [-4, 3],
    window: [-6, 6, -6, 6],
    lowest: 0,
    minima: [[0, 0]],
    value(x, y) {
      const a0 = x * x + y * y;
      return a0 / (1 + a0);
    },
    gradient(x, y) {
      const a0 = 1 + x * x + y * y;
      const a1 = 2 / (a0 * a0);
      return [x * a1, y * a1];
    },
  },
  kink: {
    start: [-1.5, 1.1],
    window: [-2, 2, -2, 2],
    lowest: 0,
    minima: [[0, 0]],
    value(x, y) {
      return Math.abs(x) + 10 * Math.abs(y);
    },
    gradient(x, y) {
      return [Math.sign(x), 10 * Math.sign(y)];
    },
  },
};
