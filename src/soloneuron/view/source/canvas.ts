/** A canvas as sharp as the screen, and the frame of a picture in two coordinates. */

import { el } from "./dom";
import { dark, ink } from "./colors";
import type { Window } from "./grid";
import { general } from "./words";

export class Sheet {
  readonly canvas: HTMLCanvasElement;
  width = 0;
  height = 0;
  /** What the two coordinates of a landscape are called. */
  letters: [string, string] = ["w₁", "w₂"];

  constructor(label: string, attributes: Record<string, string> = {}) {
    this.canvas = el("canvas", { role: "img", "aria-label": label, ...attributes });
  }

  /** A clean context in units of the page, or nothing while the canvas is hidden. */
  begin(): CanvasRenderingContext2D | undefined {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const paint = this.canvas.getContext("2d");
    if (width === 0 || height === 0 || paint === null) return undefined;
    // A presentation is enlarged by the style: `zoom`.
    const { currentCSSZoom = 1 } = this.canvas as { currentCSSZoom?: number };
    const ratio = Math.min(2, devicePixelRatio || 1) * currentCSSZoom;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
    }
    this.width = width;
    this.height = height;
    prepare(paint, ratio);
    paint.clearRect(0, 0, width, height);
    return paint;
  }

  /** The square of the sheet that shows a window, with room for its ticks. */
  square(window: Window): Axes {
    const side = Math.min(this.width - 38, this.height - 44);
    return new Axes(window, 34, 16, side, side);
  }
}

/** Draw in units of the page, so many of the screen's. */
function prepare(paint: CanvasRenderingContext2D, ratio: number): void {
  paint.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint.font = "11px system-ui, sans-serif";
}

/** A rectangle of the sheet that shows a window of two coordinates. */
export class Axes {
  constructor(
    readonly window: Window,
    readonly left: number,
    readonly top: number,
    readonly width: number,
    readonly height: number,
  ) {}

  x(u: number): number {
    const [low, high] = this.window;
    return this.left + ((u - low) / (high - low)) * this.width;
  }

  y(v: number): number {
    const [, , low, high] = this.window;
    return this.top + this.height - ((v - low) / (high - low)) * this.height;
  }

  /** The coordinates under a place of the sheet. */
  at(x: number, y: number): [number, number] {
    const [left, right, bottom, top] = this.window;
    return [
      left + ((x - this.left) / this.width) * (right - left),
      bottom + ((this.top + this.height - y) / this.height) * (top - bottom),
    ];
  }

  /** A path in units of a grid with so many knots a side. */
  placed(path: Path2D, knots: number): Path2D {
    const scale = this.width / (knots - 1);
    const found = new Path2D();
    found.addPath(path, new DOMMatrix([scale, 0, 0, -scale, this.left, this.top + this.height]));
    return found;
  }

  /** Paint inside only, and a little beside the ends of lines, until the context is restored. */
  clip(paint: CanvasRenderingContext2D, beside = 0): void {
    paint.save();
    paint.beginPath();
    paint.rect(this.left, this.top - beside, this.width + 2 * beside, this.height + 2 * beside);
    paint.clip();
  }

  /** Ticks along the lower and the left edge, the letters of both coordinates, and what they are called. */
  frame(paint: CanvasRenderingContext2D, letters: readonly string[], names: readonly string[] = []): void {
    const { soft, line } = ink();
    const [left, right, bottom, top] = this.window;
    paint.strokeStyle = line;
    paint.lineWidth = 1;
    paint.strokeRect(this.left + 0.5, this.top + 0.5, this.width - 1, this.height - 1);
    paint.fillStyle = soft;
    paint.textAlign = "center";
    paint.textBaseline = "top";
    for (const tick of ticks(left, right, 5)) paint.fillText(general(tick, 3), this.x(tick), this.top + this.height + 4);
    const [across = "", up = ""] = letters.map((letter, i) => letter + (names[i] ? `: ${names[i]}` : ""));
    paint.textAlign = "right";
    paint.fillText(across, this.left + this.width, this.top + this.height + 15, this.width);
    paint.textBaseline = "middle";
    for (const tick of ticks(bottom, top, 5)) paint.fillText(general(tick, 3), this.left - 5, this.y(tick));
    paint.textAlign = "left";
    paint.fillText(up, this.left - 6, this.top - 8, this.width);
  }
}

/** Round numbers between two ends. */
export function ticks(low: number, high: number, about: number): number[] {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const found: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) found.push(i * step);
  return found;
}

/** Places nearer than this to the last one, in pixels, add nothing to a line. */
const NEAR = 2;

/** A picture that is painted once and shown many times, until its key changes. */
export class Layer {
  private readonly canvas = document.createElement("canvas");
  private key: unknown[] = [];

  show(target: CanvasRenderingContext2D, sheet: Sheet, key: unknown[], make: (paint: CanvasRenderingContext2D) => void): void {
    const { width, height } = sheet.canvas;
    const wanted = [width, height, dark(), ...key];
    if (wanted.length !== this.key.length || wanted.some((part, i) => part !== this.key[i])) {
      this.key = wanted;
      this.canvas.width = width;
      this.canvas.height = height;
      const paint = this.canvas.getContext("2d");
      if (paint === null) return;
      prepare(paint, width / sheet.width);
      make(paint);
    }
    target.drawImage(this.canvas, 0, 0, sheet.width, sheet.height);
  }
}

/** A line with a halo, so that it reads on any ground. */
export function trail(
  paint: CanvasRenderingContext2D,
  places: [number, number][],
  color: string,
  dash: number[],
  width = 2.2,
): void {
  if (places.length < 2) return;
  const path = new Path2D();
  let [lastX, lastY] = [Infinity, Infinity];
  places.forEach(([x, y], i) => {
    if (i === 0) path.moveTo(x, y);
    else if (Math.abs(x - lastX) + Math.abs(y - lastY) > NEAR || i === places.length - 1) path.lineTo(x, y);
    else return;
    [lastX, lastY] = [x, y];
  });
  paint.lineJoin = "bevel";
  paint.lineCap = "butt";
  paint.setLineDash([]);
  paint.strokeStyle = ink().halo;
  paint.lineWidth = width + 2.4;
  paint.stroke(path);
  paint.setLineDash(dash);
  paint.strokeStyle = color;
  paint.lineWidth = width;
  paint.stroke(path);
  paint.setLineDash([]);
}

/** Where a runner stands. */
export function mark(paint: CanvasRenderingContext2D, x: number, y: number, color: string, radius = 5): void {
  paint.beginPath();
  paint.arc(x, y, radius, 0, 2 * Math.PI);
  paint.fillStyle = color;
  paint.strokeStyle = ink().halo;
  paint.lineWidth = 2;
  paint.fill();
  paint.stroke();
}
