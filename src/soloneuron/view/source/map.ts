/** The landscape from above: heights, contour lines, the path of every runner; the start can be dragged. */

import type { Axes } from "./canvas";
import { Layer, mark, Sheet, trail } from "./canvas";
import { cividis, ink } from "./colors";
import type { Grid } from "./grid";
import { shade } from "./grid";
import { apart, LINE, spread, write } from "./labels";
import type { Race } from "./race";
import { low } from "./session/graph";
import { general } from "./words";

const LEVELS = 16;
const MOST = 400;
/** More names than these are not moved apart; only those are written that have room. */
const MOST_NAMES = 9;

export class Chart extends Sheet {
  axes: Axes | undefined;
  private readonly ground = document.createElement("canvas");
  private lines: Path2D[] = [];
  private readonly layer = new Layer();
  start: [number, number] = [0, 0];
  /** Where the start is while it is dragged. */
  moved: [number, number] | undefined;

  constructor(
    label: string,
    private readonly loss: number,
    private readonly name: (optimizer: string) => string,
    private readonly names?: (race: Race) => readonly string[],
  ) {
    super(label, { class: "picture drag" });
  }

  /** The weights under a place of the sheet. */
  at(x: number, y: number): [number, number] | undefined {
    return this.axes?.at(x, y);
  }

  paint(race: Race, grid: Grid): void {
    const paint = this.begin();
    if (paint === undefined) return;
    const axes = (this.axes = this.square(grid.window));
    this.layer.show(paint, this, [grid], (below) => {
      this.prepare(grid);
      below.drawImage(this.ground, axes.left, axes.top, axes.width, axes.height);
      axes.clip(below);
      this.contours(below, axes, grid);
      below.restore();
      const slice = told(below, axes, grid, race);
      const names = this.names?.(race) ?? [];
      axes.frame(below, this.letters, slice === "" ? names : names.slice(0, 1));
      below.textAlign = "right";
      below.fillText(slice, axes.left + axes.width, axes.top - 8);
    });
    axes.clip(paint);
    this.paths(paint, axes, race);
    paint.restore();
  }

  private prepare(grid: Grid): void {
    const { size, values } = grid;
    this.ground.width = this.ground.height = size;
    const paint = this.ground.getContext("2d");
    if (paint === null) return;
    const heights = values.map((value) => shade(grid, value));
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        paint.fillStyle = cividis(heights[row * size + column] ?? 0);
        paint.fillRect(column, size - 1 - row, 1, 1);
      }
    }
    this.lines = Array.from({ length: LEVELS - 1 }, (_, i) => contour(heights, size, (i + 1) / LEVELS));
  }

  private contours(paint: CanvasRenderingContext2D, axes: Axes, grid: Grid): void {
    paint.strokeStyle = "rgba(255,255,255,.28)";
    paint.lineWidth = 0.8;
    for (const line of this.lines) paint.stroke(axes.placed(line, grid.size));
  }

  /** The names beside the runners. */
  private labels(paint: CanvasRenderingContext2D, axes: Axes, race: Race, runners: number[]): void {
    const now = race.now;
    if (now === undefined) return;
    const all = runners.map((runner) => {
      const [u, v] = [now.theta(runner, 0), now.theta(runner, 1)];
      const [x, y] = held(axes, axes.x(u), axes.y(v));
      const far = beyond(axes, u, v);
      const name = this.name(race.setup.runners[runner]?.optimizer ?? "");
      return { name: far > 0 ? `${name} +${general(far, 2)}` : name, x, y };
    });
    const labels = all.length > MOST_NAMES ? apart(all) : all;
    const heights = spread(labels.map(({ y }) => y), axes.top + LINE / 2, axes.top + axes.height - LINE / 2);
    write(paint, labels, heights, axes.left + axes.width * 0.6);
  }

  private paths(paint: CanvasRenderingContext2D, axes: Axes, race: Race): void {
    const past = [...race.past(MOST)];
    const runners = race.runners(this.loss);
    const { config, starts } = race.setup;
    this.start = config.start;
    for (const runner of starts ? runners : [0]) {
      const [u, v] = this.moved ?? starts?.[runner] ?? this.start;
      mark(paint, axes.x(u), axes.y(v), "#fff", 6);
    }
    for (const runner of runners) {
      const places = past.map((f): [number, number] => [axes.x(f.theta(runner, 0)), axes.y(f.theta(runner, 1))]);
      trail(paint, places, race.color(runner), race.dash(runner));
    }
    const now = race.now;
    if (now === undefined) return;
    for (const runner of runners) {
      const [u, v] = [now.theta(runner, 0), now.theta(runner, 1)];
      const [x, y] = held(axes, axes.x(u), axes.y(v));
      mark(paint, x, y, race.color(runner));
      const far = beyond(axes, u, v);
      if (far > 0) arrow(paint, [x, y], Math.atan2(axes.y(v) - y, axes.x(u) - x));
    }
    const outside = runners.some((runner) => beyond(axes, now.theta(runner, 0), now.theta(runner, 1)) > 0);
    if (race.each > 1 || outside) this.labels(paint, axes, race, runners);
  }
}

/** What the map holds, with its numbers where there is room. */
function told(paint: CanvasRenderingContext2D, { width }: Axes, { rest }: Grid, { setup: { config } }: Race): string {
  const names = rest.map((_, i) => (i < config.terms.length ? `w${low(i + 3)}` : "b"));
  const full = names.map((name, i) => `${name} = ${general(rest[i] ?? 0, 2)}`).join(", ");
  return paint.measureText(full).width < width - 24 ? full : names.join(" ");
}

/** A place on the map; whoever has left it is shown at its edge. */
function held(axes: Axes, x: number, y: number): [number, number] {
  const inset = 6;
  return [
    Math.min(axes.left + axes.width - inset, Math.max(axes.left + inset, x)),
    Math.min(axes.top + axes.height - inset, Math.max(axes.top + inset, y)),
  ];
}

/** How far outside the map a place lies; 0 inside. */
function beyond({ window: [left, right, bottom, top] }: Axes, u: number, v: number): number {
  return Math.hypot(Math.max(left - u, 0, u - right), Math.max(bottom - v, 0, v - top));
}

/** An arrow towards whoever has left the map. */
function arrow(paint: CanvasRenderingContext2D, [x, y]: [number, number], angle: number): void {
  const { text, halo } = ink();
  paint.save();
  paint.translate(x, y);
  paint.rotate(angle);
  paint.beginPath();
  paint.moveTo(6, 0);
  paint.lineTo(-3, -5);
  paint.lineTo(-3, 5);
  paint.closePath();
  paint.fillStyle = text;
  paint.strokeStyle = halo;
  paint.fill();
  paint.stroke();
  paint.restore();
}

/** One contour line in units of the grid, by marching squares. */
export function contour(heights: Float64Array, size: number, level: number): Path2D {
  const path = new Path2D();
  const at = (place: number): number => (heights[place] as number) - level;
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const first = row * size + column;
      const [a, b, c, d] = [at(first), at(first + 1), at(first + size + 1), at(first + size)];
      if (a > 0 === b > 0 && b > 0 === c > 0 && c > 0 === d > 0) continue;
      const cut: [number, number][] = [];
      if (a > 0 !== b > 0) cut.push([column + a / (a - b), row]);
      if (b > 0 !== c > 0) cut.push([column + 1, row + b / (b - c)]);
      if (c > 0 !== d > 0) cut.push([column + d / (d - c), row + 1]);
      if (d > 0 !== a > 0) cut.push([column, row + a / (a - d)]);
      for (let i = 0; i + 1 < cut.length; i += 2) {
        path.moveTo(...(cut[i] as [number, number]));
        path.lineTo(...(cut[i + 1] as [number, number]));
      }
    }
  }
  return path;
}
