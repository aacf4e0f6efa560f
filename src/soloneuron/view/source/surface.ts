/** The landscape as a surface in space: quads from back to front, no sorting, no WebGL. */

import { Layer, mark, Sheet, trail } from "./canvas";
import { cividis, ink } from "./colors";
import type { Grid } from "./grid";
import { shade } from "./grid";
import type { Race } from "./race";

const KNOTS = 37;
const MOST = 300;
const LIFT = 0.012;
/** Pixels between the pointer and a knot that it may mean. */
const NEAR = 24;

export class Surface extends Sheet {
  private turn = -0.75;
  private tilt = 0.62;
  private readonly layer = new Layer();
  private scale = 1;
  private middle = 0;

  constructor(
    label: string,
    private readonly loss: number,
    private readonly again: () => void,
  ) {
    super(label, { class: "surface", tabindex: "0" });
    let from: [number, number] | undefined;
    this.canvas.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      this.canvas.setPointerCapture(event.pointerId);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (from === undefined) return;
      this.rotate((event.clientX - from[0]) * 0.01, (event.clientY - from[1]) * 0.01);
      from = [event.clientX, event.clientY];
    });
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => (from = undefined));
    this.canvas.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.08], ArrowDown: [0, 0.08] }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.rotate(by[0] ?? 0, by[1] ?? 0);
    });
  }

  rotate(turn: number, tilt: number): void {
    this.turn += turn;
    this.tilt = Math.min(1.5, Math.max(0.1, this.tilt + tilt));
    this.again();
  }

  paint(race: Race, grid: Grid): void {
    const paint = this.begin();
    if (paint === undefined) return;
    this.scale = Math.min(this.width / 1.5, this.height / 1.25);
    this.middle = this.height * 0.5;
    this.layer.show(paint, this, [grid, this.turn, this.tilt], (below) => this.quads(below, grid));
    this.paths(paint, race, grid);
    this.names(paint);
  }

  /** The weights under a place of the sheet: those of the nearest knot that is seen there. */
  at(x: number, y: number, grid: Grid): [number, number] | undefined {
    const heights = thin(grid);
    const span = grid.high - grid.low || 1;
    let [nearest, found] = [NEAR, undefined as [number, number] | undefined];
    for (let i = 0; i < KNOTS; i++) {
      for (let j = 0; j < KNOTS; j++) {
        const [u, v] = [j / (KNOTS - 1), i / (KNOTS - 1)];
        const [across, down] = this.place(u - 0.5, v - 0.5, ((heights[i * KNOTS + j] ?? 0) - grid.low) / span);
        const far = Math.hypot(across - x, down - y);
        if (far >= nearest) continue;
        const [left, right, bottom, top] = grid.window;
        nearest = far;
        found = [left + u * (right - left), bottom + v * (top - bottom)];
      }
    }
    return found;
  }

  /** The two weights along the nearest edges. */
  private names(paint: CanvasRenderingContext2D): void {
    paint.fillStyle = ink().soft;
    paint.textAlign = "center";
    paint.textBaseline = "middle";
    const [cos, sin] = [Math.cos(this.turn), Math.sin(this.turn)];
    paint.fillText(this.letters[0], ...this.place(0, cos > 0 ? -0.56 : 0.56, 0));
    paint.fillText(this.letters[1], ...this.place(sin > 0 ? -0.56 : 0.56, 0, 0));
  }

  /** From u, v in -1/2 .. 1/2 and height 0 .. 1 to the sheet. */
  private place(u: number, v: number, h: number): [number, number] {
    const [cos, sin] = [Math.cos(this.turn), Math.sin(this.turn)];
    const [x, depth] = [u * cos - v * sin, u * sin + v * cos];
    const up = (h - 0.42) * 0.62 * Math.cos(this.tilt) + depth * Math.sin(this.tilt);
    return [this.width / 2 + x * this.scale, this.middle - up * this.scale];
  }

  private quads(paint: CanvasRenderingContext2D, grid: Grid): void {
    paint.lineWidth = 0.7;
    this.base(paint);
    const heights = thin(grid);
    const span = grid.high - grid.low || 1;
    const tall = (i: number, j: number): number => ((heights[i * KNOTS + j] ?? 0) - grid.low) / span;
    const spot = (i: number, j: number): [number, number] =>
      this.place(j / (KNOTS - 1) - 0.5, i / (KNOTS - 1) - 0.5, tall(i, j));
    const back = (forward: boolean): number[] =>
      Array.from({ length: KNOTS - 1 }, (_, i) => (forward ? KNOTS - 2 - i : i));
    for (const i of back(Math.cos(this.turn) > 0)) {
      for (const j of back(Math.sin(this.turn) > 0)) {
        const slope = (tall(i, j + 1) - tall(i, j)) * 8 - (tall(i + 1, j) - tall(i, j)) * 4;
        const light = Math.min(1.1, Math.max(0.7, 0.96 + slope * 0.45));
        const mean = ((heights[i * KNOTS + j] ?? 0) + (heights[(i + 1) * KNOTS + j + 1] ?? 0)) / 2;
        paint.fillStyle = cividis(shade(grid, mean), light);
        paint.strokeStyle = paint.fillStyle;
        paint.beginPath();
        paint.moveTo(...spot(i, j));
        paint.lineTo(...spot(i, j + 1));
        paint.lineTo(...spot(i + 1, j + 1));
        paint.lineTo(...spot(i + 1, j));
        paint.closePath();
        paint.fill();
        paint.stroke();
      }
    }
  }

  /** The floor under the surface. */
  private base(paint: CanvasRenderingContext2D): void {
    const corners = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]] as const;
    paint.strokeStyle = ink().line;
    paint.beginPath();
    corners.forEach(([u, v], i) => (i === 0 ? paint.moveTo(...this.place(u, v, 0)) : paint.lineTo(...this.place(u, v, 0))));
    paint.closePath();
    paint.stroke();
  }

  private paths(paint: CanvasRenderingContext2D, race: Race, grid: Grid): void {
    const [left, right, bottom, top] = grid.window;
    const span = grid.high - grid.low || 1;
    const spot = (u: number, v: number, loss: number): [number, number] =>
      this.place(
        (u - left) / (right - left) - 0.5,
        (v - bottom) / (top - bottom) - 0.5,
        Math.min(1.1, (loss - grid.low) / span) + LIFT,
      );
    const past = [...race.past(MOST)];
    for (const runner of race.runners(this.loss)) {
      const places = past
        .filter((f) => inside(f.theta(runner, 0), f.theta(runner, 1), grid))
        .map((f) => spot(f.theta(runner, 0), f.theta(runner, 1), f.loss(runner)));
      trail(paint, places, race.color(runner), race.dash(runner));
      const last = places.at(-1);
      if (last !== undefined) mark(paint, ...last, race.color(runner));
    }
  }
}

function inside(u: number, v: number, grid: Grid): boolean {
  const [left, right, bottom, top] = grid.window;
  return u >= left && u <= right && v >= bottom && v <= top;
}

/** The grid's heights at fewer knots. */
function thin(grid: Grid): Float64Array {
  const found = new Float64Array(KNOTS * KNOTS);
  const stride = (grid.size - 1) / (KNOTS - 1);
  for (let i = 0; i < KNOTS; i++) {
    for (let j = 0; j < KNOTS; j++) {
      found[i * KNOTS + j] = grid.values[Math.round(i * stride) * grid.size + Math.round(j * stride)] ?? 0;
    }
  }
  return found;
}
