/** The plane of the two features: how sure the neuron is everywhere, the line it draws, and the points. */

import type { Axes } from "./canvas";
import { Layer, Sheet } from "./canvas";
import { belief, CLASSES, ink } from "./colors";
import { probability } from "./generated/totals";
import type { Window } from "./grid";
import type { Race } from "./race";

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
    const [w1, w2] = [frame.theta(runner, 0), frame.theta(runner, 1)];
    const b = frame.bias ? frame.theta(runner, 2) : 0;
    this.cover(axes.window, w1, w2, b);
    paint.imageSmoothingEnabled = true;
    paint.drawImage(this.ground, axes.left, axes.top, axes.width, axes.height);
    axes.clip(paint);
    border(paint, axes, w1, w2, b);
    paint.restore();
    this.layer.show(paint, this, [race.setup], (above) => {
      axes.clip(above);
      const { data, test } = race.setup;
      const size = data.y.length > 60 ? 2.6 : 4.5;
      points(above, axes, data, size);
      if (test !== undefined) points(above, axes, test, size, true);
      above.restore();
      axes.frame(above, "x", this.live?.names(race));
    });
  }

  private cover([left, right, bottom, top]: Window, w1: number, w2: number, b: number): void {
    const paint = this.ground.getContext("2d");
    if (paint === null) return;
    const image = paint.createImageData(SIZE, SIZE);
    const pixels = new Uint32Array(image.data.buffer);
    const table = Uint32Array.from({ length: 65 }, (_, i) => {
      const [red, green, blue] = belief(i / 64);
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
    for (let row = 0, at = 0; row < SIZE; row++) {
      const v = top - ((row + 0.5) / SIZE) * (top - bottom);
      for (let column = 0; column < SIZE; column++, at++) {
        const u = left + ((column + 0.5) / SIZE) * (right - left);
        pixels[at] = table[Math.round(64 * probability(w1 * u + w2 * v + b))] as number;
      }
    }
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

/** Where the neuron is undecided: w1 x + w2 y + b = 0. */
function border(paint: CanvasRenderingContext2D, axes: Axes, w1: number, w2: number, b: number): void {
  const size = w1 * w1 + w2 * w2;
  if (size === 0) return;
  const far = Math.max(...axes.window.map(Math.abs)) * 4;
  const length = Math.sqrt(size);
  const [x, y] = [(-b * w1) / size, (-b * w2) / size];
  const [dx, dy] = [(-w2 / length) * far, (w1 / length) * far];
  paint.beginPath();
  paint.moveTo(axes.x(x - dx), axes.y(y - dy));
  paint.lineTo(axes.x(x + dx), axes.y(y + dy));
  paint.strokeStyle = ink().text;
  paint.lineWidth = 1.6;
  paint.setLineDash([6, 4]);
  paint.stroke();
  paint.setLineDash([]);
}

/** A square around all points. */
function extent(race: Race): Window {
  let reach = 1.5;
  for (const x of [...race.setup.data.x, ...(race.setup.test?.x ?? [])]) reach = Math.max(reach, Math.abs(x));
  reach *= 1.08;
  return [-reach, reach, -reach, reach];
}
