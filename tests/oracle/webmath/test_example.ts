import { LOSSES } from "@page/generated/losses";
import { pythonCode } from "@page/session/copy";
import { exampleDetail } from "@page/session/example";
import { readLink } from "@page/session/link";
import { passOf } from "@page/session/pass";
import { words as sentences } from "@words";

interface Question {
  loss: string;
  x: Float64Array;
  y: number;
  theta: Float64Array;
  bias: boolean;
}

function detail({ loss, x, y, theta, bias }: Question): unknown {
  const found = exampleDetail({
    runner: 0, step: 3, coming: false, lost: false, elsewhere: false, row: 0, size: 1, number: 4, x: [...x], y,
    featureNames: ["x₁", "x₂", "x₁²", "sin x₂"].slice(0, x.length), bias, lossName: loss, loss: LOSSES[loss]!, theta, point: theta, gradient: theta,
    penalty: null, lines: [{ name: "step", formula: "rate · g", filled: ["rate · g", "0.3 · 2", ""], value: [0.5] }],
    code: pythonCode(readLink(`loss=${loss}&bias=${Number(bias)}${x.length > 2 ? "&terms=x1x1,sinx2" : ""}`), 3, 0),
  });
  const said = Object.fromEntries(
    (["en", "ru"] as const).map((language) => {
      const words = sentences[language];
      return [language, found.stages.map(({ say, fields, parts }) => {
        const told = parts.map((part) => words.say("inside.part", part)).join("; ");
        return words.say(`inside.${say}`, { ...fields, parts: told });
      })];
    }),
  );
  return { ...found, said };
}

/** Of a loss at some sums its derivative in what stands between z and the loss. */
const behind = ({ loss, z, y }: { loss: string; z: number[]; y: number }): number[] => z.map((one) => passOf(loss, LOSSES[loss]!, one, y).behind);

export const answers = { detail, behind };
