/** The losses as hand-written Python, for every row: values and slopes (derivatives by the logit). */

import { LOSS_SETTINGS } from "../generated/catalogue";
import { spelled } from "./fields";

/** Lines of a function of `logits` and `labels`; the first computes the probability or the margin. */
interface LossCode {
  lines: string[];
  value: string;
  slope: string;
}

const SIGN = "(1 - 2 * labels)";
const PROBABILITY = [
  "p, q = 1 / (1 + np.exp(-logits)), 1 / (1 + np.exp(logits))",
  "error = np.where(labels == 1, -q, p)  # p - y, exact where p is 1",
];
const MARGIN = "margin = (2 * labels - 1) * logits";

const CODE: Record<string, LossCode> = {
  nll: { lines: PROBABILITY, value: `np.logaddexp(0, ${SIGN} * logits)`, slope: "error" },
  mse: { lines: PROBABILITY, value: "error**2", slope: "2 * error * p * q" },
  mae: { lines: PROBABILITY, value: "np.abs(error)", slope: `${SIGN} * p * q` },
  huber: {
    lines: [...PROBABILITY, "near = np.minimum(np.abs(error), delta)"],
    value: "near * (np.abs(error) - near / 2)",
    slope: `near * ${SIGN} * p * q`,
  },
  hinge: { lines: [MARGIN], value: "np.maximum(0, 1 - margin)", slope: `np.where(margin < 1, ${SIGN}, 0)` },
  squared_hinge: {
    lines: [MARGIN, "missing = np.maximum(0, 1 - margin)"],
    value: "missing**2",
    slope: `2 * ${SIGN} * missing`,
  },
  exponential: { lines: [MARGIN], value: "np.exp(-margin)", slope: `${SIGN} * np.exp(-margin)` },
  focal: {
    lines: [
      ...PROBABILITY,
      "right, wrong = np.where(labels == 1, p, q), np.abs(error)",
      `cost = np.logaddexp(0, ${SIGN} * logits)`,
    ],
    value: "wrong**gamma * cost",
    slope: `${SIGN} * wrong**gamma * (gamma * right * cost + wrong)`,
  },
};

/** Whether there are lines of a loss; the library may know more. */
export const isWrittenLoss = (name: string): boolean => Object.hasOwn(CODE, name);

/** The function `loss` of one loss, and which of its lines compute p (or the margin), slope and value. */
export function lossFunction(name: string): { lines: string[]; p: number[]; slope: number[]; value: number[] } {
  const { lines, value, slope } = CODE[name] as LossCode;
  const settings = Object.entries(LOSS_SETTINGS[name] ?? {}).map(([letter, number]) => `${letter}=${spelled(Number(number))}`);
  const head = `def loss(${["logits", "labels", ...settings].join(", ")}):`;
  const body = [...lines, `slope = ${slope}`, `return ${value}, slope`].map((line) => `    ${line}`);
  return {
    lines: [head, ...body],
    p: [1],
    slope: [body.length - 1],
    value: [body.length],
  };
}
