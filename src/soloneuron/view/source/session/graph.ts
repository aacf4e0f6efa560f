/** The picture of a neuron's graph: leaves at the left, the loss at the right; who fills it is somebody else. */

/** A box of the picture, in a column and at a height in units of one box. */
export interface GraphNode {
  /** What it is called; `operation` is empty for what is given. */
  name: string;
  operation: string;
  column: number;
  height: number;
  /** Places of the nodes it is computed from. */
  from: number[];
}

/** The neuron on one example: products, their sum z, then p or the margin m, then the loss. */
export interface NeuronGraph {
  nodes: GraphNode[];
  weights: number[];
  features: number[];
  products: number[];
  bias: number | null;
  label: number;
  z: number;
  /** p = σ(z), or the margin where the loss looks at that. */
  middle: number;
  loss: number;
}

/** In pixels, for letters of 12 pixels that are all alike. */
const [ROW, BOX_HEIGHT, BOX_WIDTH, GAP, MARGIN, LETTER] = [66, 46, 96, 44, 16, 7.4];

/** The graph of a neuron with so many features; `middle` is what the loss looks at. */
export function neuronGraph(features: readonly string[], bias: boolean, middle: "p" | "m", loss: string): NeuronGraph {
  const nodes: GraphNode[] = [];
  const put = (name: string, operation: string, column: number, height: number, ...from: number[]): number =>
    nodes.push({ name, operation, column, height, from }) - 1;
  const weights = features.map((_, i) => put(`w${low(i + 1)}`, "", 0, 2 * i));
  const inputs = features.map((name, i) => put(name, "", 0, 2 * i + 1));
  const deepest = 2 * features.length;
  const shift = bias ? put("b", "", 1, deepest) : null;
  const center = (deepest - (bias ? 0 : 1)) / 2;
  const label = put("y", "", middle === "p" ? 3 : 2, center + 1);
  const products = features.map((_, i) => put("", "×", 1, 2 * i + 0.5, weights[i] as number, inputs[i] as number));
  const z = put("z", "Σ", 2, center, ...products, ...(shift === null ? [] : [shift]));
  const inner = middle === "p" ? put("p", "σ", 3, center, z) : put("m", "(2y − 1) ×", 3, center, z, label);
  const last = put("loss", loss, 4, center, inner, ...(middle === "p" ? [label] : []));
  return { nodes, weights, features: inputs, products, bias: shift, label, z, middle: inner, loss: last };
}

/** An SVG image with two empty texts in each box, wide enough for all that may be written into it. */
export function graphImage(nodes: readonly GraphNode[], texts: readonly (readonly string[])[]): string {
  const pills = nodes.map(({ operation }) => (operation === "" ? 0 : operation.length * LETTER + 14));
  const sizes = texts.map((lines) => Math.max(BOX_WIDTH, Math.max(...lines.map((line) => line.length)) * LETTER + 16));
  const columns = Math.max(...nodes.map(({ column }) => column)) + 1;
  const ends: number[] = [];
  for (let column = 0, at = MARGIN; column < columns; column++, at += GAP) {
    at += Math.max(...nodes.map((node, i) => (node.column === column ? (pills[i] ?? 0) + (sizes[i] ?? 0) : 0)));
    ends.push(at);
  }
  const right = (i: number): number => ends[nodes[i]?.column ?? 0] ?? 0;
  const middle = (i: number): number => MARGIN + BOX_HEIGHT / 2 + (nodes[i]?.height ?? 0) * ROW;
  const left = (i: number): number => right(i) - (sizes[i] ?? 0);
  const curves = nodes.flatMap(({ from }, i) => {
    const apart = Math.min(8, 32 / from.length);
    const ordered = [...from].sort((a, b) => middle(a) - middle(b));
    return ordered.map((operand, place) => {
      const port = middle(i) + (place - (from.length - 1) / 2) * apart;
      return curve(right(operand), middle(operand), left(i) - (pills[i] ?? 0), port);
    });
  });
  const boxes = nodes.map(({ operation }, i) => box(left(i), middle(i), sizes[i] ?? 0, pills[i] ?? 0, operation));
  const [width, height] = [right(nodes.length - 1) + MARGIN, Math.max(...nodes.map((_, i) => middle(i))) + BOX_HEIGHT / 2 + MARGIN];
  return `<svg viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}" width="${width.toFixed(0)}" height="${height.toFixed(0)}">${curves.join("")}${boxes.join("")}</svg>`;
}

/** A number in the small signs that follow a letter. */
export function low(number: number): string {
  return String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)] ?? "");
}

/** A smooth line that is level at both ends. */
function curve(x0: number, y0: number, x1: number, y1: number): string {
  const [a, b, c, d, e] = [x0, y0, (x0 + x1) / 2, x1, y1].map((place) => place.toFixed(1));
  return `<path d="M${a} ${b}C${c} ${b} ${c} ${e} ${d} ${e}"/>`;
}

function box(left: number, middle: number, width: number, pill: number, operation: string): string {
  const [x, y] = [left.toFixed(1), (middle - BOX_HEIGHT / 2).toFixed(1)];
  const text = (kind: string, down: number): string =>
    `<text class="${kind}" x="${(left + 8).toFixed(1)}" y="${(middle - BOX_HEIGHT / 2 + down).toFixed(1)}"></text>`;
  const start = left - pill;
  const sign =
    operation &&
    `<rect class="pill" x="${start.toFixed(1)}" y="${(middle - 11).toFixed(1)}" width="${pill.toFixed(1)}" height="22" rx="11"/>` +
      `<text class="operation" x="${(start + pill / 2).toFixed(1)}" y="${(middle + 4).toFixed(1)}" text-anchor="middle">${operation}</text>`;
  return `<g role="img"><rect class="box" x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BOX_HEIGHT}" rx="6"/>${text("value", 19)}${text("grad", 37)}${sign}</g>`;
}
