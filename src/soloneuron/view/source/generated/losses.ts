/** Written by scripts/generate from the library's formulas: do not edit. */

import type { Loss } from "../training/types";
import * as totals from "./totals";

const nll: Loss = {
  total: totals.nll,
  convex: true,
  smooth: true,
  strictlyDecreasing: true,
  curvature: 0.25,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    return (t > 0 ? t : 0) + Math.log1p(Math.exp(-Math.abs(t)));
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    const a0 = Math.exp(-Math.abs(t));
    return s * ((t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0));
  },
  bend(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    return (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * ((t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1);
  },
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      out[i] = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      sum += (t > 0 ? t : 0) + Math.log1p(a0);
      out[i] = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    }
    return sum;
  },
  bends(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      out[i] = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * ((t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1);
    }
  },
};

const mse: Loss = {
  total: totals.mse,
  convex: false,
  smooth: true,
  strictlyDecreasing: true,
  curvature: 0.1540585701213505,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    return a1 * a1;
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
    return s * (2 * a2 * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * a2));
  },
  bend(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    const a2 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
    const a3 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
    const a4 = a2 * a3;
    return 2 * a4 * (a4 + a3 * (a2 - a3));
  },
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      out[i] = 2 * a2 * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * a2);
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      sum += a2 * a2;
      out[i] = 2 * a2 * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * a2);
    }
    return sum;
  },
  bends(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
      const a3 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      const a4 = a2 * a3;
      out[i] = 2 * a4 * (a4 + a3 * (a2 - a3));
    }
  },
};

const mae: Loss = {
  total: totals.mae,
  convex: false,
  smooth: true,
  strictlyDecreasing: true,
  curvature: 0.09622504486493763,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    return (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    return s * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * ((t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1));
  },
  bend(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    const a2 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
    const a3 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
    return a2 * a3 * (a2 - a3);
  },
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      out[i] = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * ((t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1);
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      sum += a2;
      out[i] = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * a2;
    }
    return sum;
  },
  bends(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
      const a3 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      out[i] = a2 * a3 * (a2 - a3);
    }
  },
};

const huber: Loss = {
  total: totals.huber,
  convex: false,
  smooth: true,
  strictlyDecreasing: true,
  curvature: 0.07702927800763519,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    return a1 <= 0.5 ? a1 * a1 / 2 : 0.5 * (a1 - 0.25);
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
    return s * ((a2 <= 0.5 ? a2 : 0.5) * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * a2));
  },
  bend(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
    const a3 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
    const a4 = a3 * a2;
    return (a2 <= 0.5 ? a4 * a4 : 0) + (a2 <= 0.5 ? a2 : 0.5) * (a4 * (a3 - a2));
  },
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      out[i] = (a2 <= 0.5 ? a2 : 0.5) * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * a2);
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      sum += a2 <= 0.5 ? a2 * a2 / 2 : 0.5 * (a2 - 0.25);
      out[i] = (a2 <= 0.5 ? a2 : 0.5) * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1 * a2);
    }
    return sum;
  },
  bends(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      const a3 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
      const a4 = a3 * a2;
      out[i] = (a2 <= 0.5 ? a4 * a4 : 0) + (a2 <= 0.5 ? a2 : 0.5) * (a4 * (a3 - a2));
    }
  },
};

const hinge: Loss = {
  total: totals.hinge,
  convex: true,
  smooth: false,
  strictlyDecreasing: false,
  curvature: Infinity,
  rounded: roundedHinge,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = 1 + t;
    return a0 > 0 ? a0 : 0;
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    return s * (t > -1 ? 1 : 0);
  },
  bend: () => 0,
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      out[i] = t > -1 ? 1 : 0;
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = 1 + t;
      sum += a0 > 0 ? a0 : 0;
      out[i] = t > -1 ? 1 : 0;
    }
    return sum;
  },
  bends(_, out, count) {
    out.fill(0, 0, count);
  },
};

const squared_hinge: Loss = {
  total: totals.squared_hinge,
  convex: true,
  smooth: true,
  strictlyDecreasing: false,
  curvature: 2,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = 1 + t;
    const a1 = a0 > 0 ? a0 : 0;
    return a1 * a1;
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    const a0 = 1 + t;
    return s * (2 * (a0 > 0 ? a0 : 0));
  },
  bend(z, y) {
    const t = (1 - 2 * y) * z;
    return t > -1 ? 2 : 0;
  },
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = 1 + t;
      out[i] = 2 * (a0 > 0 ? a0 : 0);
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = 1 + t;
      const a1 = a0 > 0 ? a0 : 0;
      sum += a1 * a1;
      out[i] = 2 * a1;
    }
    return sum;
  },
  bends(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      out[i] = t > -1 ? 2 : 0;
    }
  },
};

const exponential: Loss = {
  total: totals.exponential,
  convex: true,
  smooth: true,
  strictlyDecreasing: true,
  curvature: Infinity,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    return Math.exp(t);
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    return s * Math.exp(t);
  },
  bend(z, y) {
    const t = (1 - 2 * y) * z;
    return Math.exp(t);
  },
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      out[i] = Math.exp(t);
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(t);
      sum += a0;
      out[i] = a0;
    }
    return sum;
  },
  bends(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      out[i] = Math.exp(t);
    }
  },
};

const focal: Loss = {
  total: totals.focal,
  convex: false,
  smooth: true,
  strictlyDecreasing: true,
  curvature: 0.4961913298461468,
  value(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / (1 + a0);
    return a1 * a1 * ((t > 0 ? t : 0) + Math.log1p(a0));
  },
  slope(z, y) {
    const s = 1 - 2 * y;
    const t = s * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
    return s * (a2 * a2 * (2 * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1) * ((t > 0 ? t : 0) + Math.log1p(a0)) + a2));
  },
  bend(z, y) {
    const t = (1 - 2 * y) * z;
    const a0 = Math.exp(-Math.abs(t));
    const a1 = 1 + a0;
    const a2 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
    const a3 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
    const a4 = (t > 0 ? t : 0) + Math.log1p(a0);
    return a2 * (a3 * a3) * (4 * a2 * a4 - 2 * a3 * a4 + 4 * a3 + a3);
  },
  slopes(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      out[i] = a2 * a2 * (2 * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1) * ((t > 0 ? t : 0) + Math.log1p(a0)) + a2);
    }
  },
  both(logits, out, count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      const a3 = a2 * a2;
      const a4 = (t > 0 ? t : 0) + Math.log1p(a0);
      sum += a3 * a4;
      out[i] = a3 * (2 * ((t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1) * a4 + a2);
    }
    return sum;
  },
  bends(logits, out, count) {
    for (let i = 0; i < count; i++) {
      const t = logits[i] as number;
      const a0 = Math.exp(-Math.abs(t));
      const a1 = 1 + a0;
      const a2 = (t < 0 ? 1 : t > 709.782712893384 ? 0 : a0) / a1;
      const a3 = (t > 0 ? 1 : t < -709.782712893384 ? 0 : a0) / a1;
      const a4 = (t > 0 ? t : 0) + Math.log1p(a0);
      out[i] = a2 * (a3 * a3) * (4 * a2 * a4 - 2 * a3 * a4 + 4 * a3 + a3);
    }
  },
};

/** The hinge with its kink rounded off by a width > 0. */
export function roundedHinge(width: number): Loss {
  return {
    total(logits, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const t = logits[i] as number;
        const a0 = 1 + t;
        sum += (a0 + Math.hypot(a0, 2 * width)) / 2;
      }
      return sum;
    },
    convex: true,
    smooth: true,
    strictlyDecreasing: false,
    curvature: Infinity,
    value(z, y) {
      const t = (1 - 2 * y) * z;
      const a0 = 1 + t;
      return (a0 + Math.hypot(a0, 2 * width)) / 2;
    },
    slope(z, y) {
      const s = 1 - 2 * y;
      const t = s * z;
      const a0 = 1 + t;
      return s * ((1 + a0 / Math.hypot(a0, 2 * width)) / 2);
    },
    bend(z, y) {
      const t = (1 - 2 * y) * z;
      const a0 = Math.hypot(1 + t, 2 * width);
      const a1 = width / a0;
      return 2 * (a1 * a1 / a0);
    },
    slopes(logits, out, count) {
      for (let i = 0; i < count; i++) {
        const t = logits[i] as number;
        const a0 = 1 + t;
        out[i] = (1 + a0 / Math.hypot(a0, 2 * width)) / 2;
      }
    },
    both(logits, out, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const t = logits[i] as number;
        const a0 = 1 + t;
        const a1 = Math.hypot(a0, 2 * width);
        sum += (a0 + a1) / 2;
        out[i] = (1 + a0 / a1) / 2;
      }
      return sum;
    },
    bends(logits, out, count) {
      for (let i = 0; i < count; i++) {
        const t = logits[i] as number;
        const a0 = Math.hypot(1 + t, 2 * width);
        const a1 = width / a0;
        out[i] = 2 * (a1 * a1 / a0);
      }
    },
  };
}

export const LOSSES: Readonly<Record<string, Loss>> = { nll, mse, mae, huber, hinge, squared_hinge, exponential, focal };
