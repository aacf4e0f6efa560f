/** The drawer's data: the graph of one example with both sweeps, and the rule with the numbers of one step. */

import type { UpdateDetail } from "../drawer";
import type { FormulaLine, Loss } from "../training/types";
import { general, short } from "../words";
import type { LinePart, PythonCode } from "./copy";
import type { NeuronGraph } from "./graph";
import { graphImage, low, neuronGraph } from "./graph";
import type { Pass } from "./pass";
import { isOfMargin, passOf } from "./pass";

/** One update of a runner, taken apart by whoever trains. */
export interface StepSeen {
  runner: number;
  /** The update's number, from 1. */
  step: number;
  coming: boolean;
  lost: boolean;
  /** Whether the rule wants its gradient elsewhere than at theta. */
  elsewhere: boolean;
  theta: Float64Array;
  /** Of the batch, as the rule got it, the penalty included. */
  gradient: Float64Array;
  lines: readonly FormulaLine[];
  code: PythonCode;
}

/** The same on rows; `row` is the example's place in the batch. */
export interface UpdateSeen extends StepSeen {
  row: number;
  /** Rows of the batch. */
  size: number;
  /** The example's place in the data, its features (extra ones included) and its label. */
  number: number;
  x: readonly number[];
  y: number;
  featureNames: readonly string[];
  bias: boolean;
  lossName: string;
  loss: Loss;
  /** Where the gradient was taken. */
  point: Float64Array;
  /** What the penalty adds to it, or null without one. */
  penalty: Float64Array | null;
}

type Stage = UpdateDetail["stages"][number];

/** Digits of a number in the picture. */
const DIGITS = 4;

/** A step of a rule, without rows: on a surface there is no graph to fill. */
export function stepDetail({ runner, step, coming, lost, elsewhere, code, lines, theta, gradient }: StepSeen): UpdateDetail {
  const size = theta.length;
  return {
    runner, step, coming, lost, elsewhere,
    row: 0, size: 1, number: 0, names: ["x", "y"], svg: "", nodes: [], stages: [], example: [], penalty: null,
    source: code.text,
    rule: lines.map(({ name, formula, filled, value }) => ({
      name,
      formula,
      filled: filled.map((text) => (text === formula ? "" : text)),
      value: Array.from({ length: size }, (_, i) => finite(value[value.length > 1 ? i : 0] ?? NaN)),
    })),
    theta: [...theta].map(finite),
    gradient: [...gradient].map(finite),
  };
}

export function exampleDetail(seen: UpdateSeen): UpdateDetail {
  const { x, bias, lossName, penalty } = seen;
  const kind = isOfMargin(lossName) ? "m" : "p";
  const graph = neuronGraph(seen.featureNames, bias, kind, short(lossName));
  const sweep = new Sweep(graph, seen);
  const stages = [...sweep.forward(), ...sweep.backward()];
  const texts = graph.nodes.map((node, i) => [`${called(node)} = ${sweep.given(i)}`]);
  for (const { fill } of stages) for (const [node, , text] of fill) texts[node]?.push(`${called(graph.nodes[node])} = ${text}`);
  return {
    ...stepDetail(seen),
    row: seen.row,
    size: seen.size,
    number: seen.number,
    names: [...x.map((_, i) => `w${low(i + 1)}`), ...(bias ? ["b"] : [])],
    svg: graphImage(graph.nodes, texts),
    nodes: graph.nodes.map(({ name }, i) => [name, sweep.given(i)]),
    stages,
    example: [...x, ...(bias ? [1] : [])].map((feature) => finite(sweep.pass.slope * feature)),
    penalty: penalty && [...penalty].map(finite),
  };
}

/** Both sweeps over one example, node by node. */
class Sweep {
  readonly pass: Pass;
  private readonly values: number[] = [];
  private readonly computed: number[];

  constructor(
    private readonly graph: NeuronGraph,
    private readonly seen: UpdateSeen,
  ) {
    const { x, y, point, loss, lossName } = seen;
    const { weights, features, products, bias, label, z, middle, loss: last } = graph;
    weights.forEach((node, i) => (this.values[node] = point[i] ?? 0));
    features.forEach((node, i) => (this.values[node] = x[i] ?? 0));
    products.forEach((node, i) => (this.values[node] = (point[i] ?? 0) * (x[i] ?? 0)));
    if (bias !== null) this.values[bias] = point[x.length] ?? 0;
    const logit = [...products, ...(bias === null ? [] : [bias])].reduce((sum, node) => sum + this.value(node), 0);
    this.values[label] = y;
    this.values[z] = logit;
    this.pass = passOf(lossName, loss, logit, y);
    this.values[middle] = this.pass.middle;
    this.values[last] = this.pass.loss;
    this.computed = [...products, z, middle, last];
  }

  /** What stands in a box before anything is computed. */
  given(node: number): string {
    return this.computed.includes(node) ? "?" : told(this.value(node));
  }

  forward(): Stage[] {
    const { nodes } = this.graph;
    return this.computed.map((node, k) => {
      const value = told(this.value(node));
      const from = (nodes[node]?.from ?? []).map((operand) => called(nodes[operand])).join(", ");
      const fields = { k: k + 1, n: this.computed.length, name: called(nodes[node]), value, from };
      return { node, say: "computed", fields, parts: [], lines: this.lines(node, true), fill: [[node, 0, value]] };
    });
  }

  backward(): Stage[] {
    const { nodes, loss } = this.graph;
    const n = this.computed.length;
    const gradients: number[] = [];
    gradients[loss] = 1;
    const seed: Stage = {
      node: loss, say: "seed", fields: { k: 0, n, name: called(nodes[loss]) }, parts: [], lines: [], fill: [[loss, 1, "1"]],
    };
    const passed = [...this.computed].reverse().map((node, k): Stage => {
      const passes = this.partials(node).map(([operand, partial, gradient]) => {
        gradients[operand] = gradient ?? (gradients[node] ?? 0) * partial;
        return [operand, partial] as const;
      });
      const parts = passes.map(([operand, partial]) => ({
        name: called(nodes[operand]), partial: told(partial), gradient: told(gradients[operand] ?? 0),
      }));
      const fill = passes.map(([operand]): [number, 1, string] => [operand, 1, told(gradients[operand] ?? 0)]);
      return { node, say: "passed", fields: { k: k + 1, n, name: called(nodes[node]) }, parts, lines: this.lines(node, false), fill };
    });
    return [seed, ...passed];
  }

  /** The operands of a node that get a gradient, with its partial by each; that of the logit is known exactly. */
  private partials(node: number): [operand: number, partial: number, gradient?: number][] {
    const { weights, features, products, bias, z, middle, loss } = this.graph;
    const { slope, inner, behind } = this.pass;
    if (node === loss) return [[middle, behind]];
    if (node === middle) return [[z, inner, slope]];
    if (node === z) return [...products, ...(bias === null ? [] : [bias])].map((operand) => [operand, 1]);
    const place = products.indexOf(node);
    const [weight = 0, feature = 0] = [weights[place], features[place]];
    return [[weight, this.value(feature)], [feature, this.value(weight)]];
  }

  /** Lines of the code that compute a node, or pass its gradient on. */
  private lines(node: number, forward: boolean): number[] {
    const { products, z, middle, loss } = this.graph;
    const sum = node === z || products.includes(node);
    const part: LinePart = forward ? (sum ? "z" : node === middle ? "p" : "loss") : sum ? "gradient" : "slope";
    return node === loss || node === middle || sum ? this.seen.code.parts[part] : [];
  }

  private value(node: number): number {
    return this.values[node] ?? 0;
  }
}

/** A node by its name, or by its operation. */
function called(node: { name: string; operation: string } | undefined): string {
  return node === undefined ? "" : node.name || `(${node.operation})`;
}

function told(value: number): string {
  return Number.isNaN(value) ? "?" : (value === -Infinity ? "−" : "") + general(value, DIGITS);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
