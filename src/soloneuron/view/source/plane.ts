/** The plane of the two features: how sure the neuron is everywhere, the line it draws, and the points. */

import type { Axes } from "./canvas";
import { Layer, Sheet } from "./canvas";
import { belief, CLASSES, ink } from "./colors";
import { probability } from "./generated/totals";
import type { Window } from "./grid";
import { contour } from "./map";
import type { Race } from "./race";
import { inputsAt, logit } from "./training/terms";

const SIZE = 48;

/** What only a page that trains can do with the plane. */
export interface LivePlane {
  click(x: number, y: number, near: number, other: boolean, touch: boolean): void;
  /** What the two features are called. */
  names(race: Race): readonly string[];
}

export class Plane extends Sheet {
  private axes: Axes | undefined;
  private readonly layer = new Layer();
  private inputs: number[][] | undefined;
  private readonly ground = document.createElement("canvas");

  constructor(
    label: string,
    private readonly loss: number,
    private readonly live?: LivePlane,
  ) {
    super(label, { class: "picture" });
    this.ground.width = this.ground.height = SIZE;
    this.canvas.addEventListener("click", (event) => {
      const place = this.at(event.offsetX, event.offsetY);
      if (place !== undefined) live?.click(...place, event.shiftKey, (event as PointerEvent).pointerType === "touch");
    });
  }

  /** The coordinates under a place of the sheet, and how near is near. */
  at(x: number, y: number): [number, number, number] | undefined {
    if (this.axes === undefined) return undefined;
    const [across, up] = this.axes.at(x, y);
    return [across, up, this.axes.at(x + 7, y)[0] - across];
  }

  paint(race: Race): void {
    const paint = this.begin();
    const frame = race.now;
    if (paint === undefined || frame === undefined) return;
    const axes = (this.axes = this.square(extent(race)));
    const runner = race.shown(this.loss);
    const logits = this.logits(axes.window, race, frame.weights(runner));
    this.cover(logits);
    paint.imageSmoothingEnabled = true;
    // The knots at its edges are those of the window.
    paint.drawImage(this.ground, 0.5, 0.5, SIZE - 1, SIZE - 1, axes.left, axes.top, axes.width, axes.height);
    paint.strokeStyle = ink().text;
    paint.lineWidth = 1.6;
    paint.stroke(axes.placed(contour(logits, SIZE, 0), SIZE));
    this.layer.show(paint, this, [race.setup], (above) => {
      axes.clip(above);
      const { data, test } = race.setup;
      const size = data.y.length > 60 ? 2.6 : 4.5;
      points(above, axes, data, size);
      if (test !== undefined) points(above, axes, test, size, true);
      above.restore();
      axes.frame(above, ["x₁", "x₂"], this.live?.names(race));
    });
  }

  /** The logits at the knots, row by row from the bottom. */
  private logits([left, right, bottom, top]: Window, race: Race, weights: number[]): Float64Array {
    const knots = SIZE * SIZE;
    // What the weights multiply: it stays as it is for a whole race.
    this.inputs ??= Array.from({ length: knots }, (_, at) => {
      const [column, row] = [at % SIZE, Math.floor(at / SIZE)];
      const place = (share: number, from: number, to: number): number => from + (share / (SIZE - 1)) * (to - from);
      return inputsAt(place(column, left, right), place(row, bottom, top), race.setup.config.terms);
    });
    return Float64Array.from(this.inputs, (inputs) => logit(weights, inputs));
  }

  private cover(logits: Float64Array): void {
    const paint = this.ground.getContext("2d");
    if (paint === null) return;
    const image = paint.createImageData(SIZE, SIZE);
    const pixels = new Uint32Array(image.data.buffer);
    const table = Uint32Array.from({ length: 65 }, (_, i) => {
      const [red, green, blue] = belief(i / 64);
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
    logits.forEach((z, at) => {
      const column = at % SIZE;
      pixels[SIZE * SIZE - SIZE - at + 2 * column] = table[Math.round(64 * probability(z))] as number;
    });
    paint.putImageData(image, 0, 0);
  }
}

/** Points by their class: filled, or hollow where they are held back from training. */
function points(paint: CanvasRenderingContext2D, axes: Axes, { x, y }: Race["setup"]["data"], size: number, hollow = false): void {
  const { halo } = ink();
  paint.lineWidth = hollow ? 1.5 : 0.8;
  for (let i = 0; i < y.length; i++) {
    const label = (y[i] ?? 0) > 0.5 ? 1 : 0;
    const [across, up] = [axes.x(x[2 * i] ?? 0), axes.y(x[2 * i + 1] ?? 0)];
    paint.beginPath();
    if (label === 0) paint.arc(across, up, size, 0, 2 * Math.PI);
    else paint.rect(across - size * 0.9, up - size * 0.9, size * 1.8, size * 1.8);
    paint.fillStyle = hollow ? halo : CLASSES[label];
    paint.strokeStyle = hollow ? CLASSES[label] : halo;
    paint.fill();
    paint.stroke();
  }
}

/** A square around all points. */
function extent(race: Race): Window {
  let reach = 1.5;
  for (const x of [...race.setup.data.x, ...(race.setup.test?.x ?? [])]) reach = Math.max(reach, Math.abs(x));
  reach *= 1.08;
  return [-reach, reach, -reach, reach];
}
