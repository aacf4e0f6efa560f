/** Loss, gradient norm and effective step over the steps, on a logarithmic scale. */

import { Axes, Sheet, trail } from "./canvas";
import { ink } from "./colors";
import { apart, LINE, NAMES, spread, write } from "./labels";
import type { Frame } from "./protocol";
import type { Race } from "./race";
import { general } from "./words";

const MOST = 160;
const FLOOR = 1e-9;
/** The dashes of a line of points that are held back. */
const HELD = [4, 3];
const [LEFT, TOP, BELOW] = [44, 8, 28];

export type Reading = (frame: Frame, runner: number) => number;

export class Curve extends Sheet {
  private axes: Axes | undefined;

  constructor(
    label: string,
    private readonly read: Reading,
    private readonly name: (runner: number) => string,
    /** The same of the points that are held back, dashed. */
    private readonly beside?: Reading | false,
  ) {
    super(label, { class: "curve" });
  }

  /** The step under a place of the sheet, as far as the run has come. */
  step(x: number, race: Race): number | undefined {
    if (this.axes === undefined) return undefined;
    const [step] = this.axes.at(x, 0);
    return step < race.first - 1 ? undefined : Math.min(race.step, Math.max(race.first, Math.round(step)));
  }

  /** What the curves say of a step. */
  told(race: Race, step: number): string {
    const frame = race.frames[step];
    if (frame === undefined) return "";
    const told = (runner: number): string => this.reads.map((read) => general(read(frame, runner), 3)).join(" / ");
    return race.setup.runners.map((_, i) => `${this.name(i)} ${told(i)}`).join(" · ");
  }

  private get reads(): Reading[] {
    return this.beside ? [this.read, this.beside] : [this.read];
  }

  paint(race: Race): void {
    const paint = this.begin();
    if (paint === undefined) return;
    const past = [...race.past(MOST)].filter((frame) => frame.step > 0 || this.read(frame, 0) > 0);
    const runners = race.setup.runners.map((_, runner) => runner);
    const { reads } = this;
    const value = (frame: Frame, runner: number, read = this.read): number => Math.log10(Math.max(FLOOR, read(frame, runner)));
    let [low, high] = [Infinity, -Infinity];
    for (const frame of past) {
      for (const runner of runners) {
        for (const read of reads) {
          low = Math.min(low, value(frame, runner, read));
          high = Math.max(high, value(frame, runner, read));
        }
      }
    }
    if (!(high - low > 0.2)) [low, high] = Number.isFinite(low) ? [low - 0.3, high + 0.3] : [-1, 1];
    const end = Math.max(race.first + 20, race.step);
    const pad = (high - low) * 0.06;
    const names = runners.map(this.name);
    const right = margin(paint, names);
    const axes = (this.axes = new Axes([race.first, end, low - pad, high + pad], LEFT, TOP, this.width - LEFT - right, this.height - TOP - BELOW));
    frame(paint, axes);
    axes.clip(paint, 2);
    for (const runner of runners) {
      const dash = race.second(runner) ? [3, 3] : race.dash(runner);
      const color = race.color(runner);
      for (const read of [...reads].reverse()) {
        const held = read !== this.read;
        trail(paint, past.map((f) => [axes.x(f.step), axes.y(value(f, runner, read))]), color, held ? HELD : dash, held ? 1.2 : 1.8);
      }
    }
    paint.restore();
    const last = past.at(-1);
    if (last === undefined) return;
    const all = runners.map((runner) => ({ runner, name: this.name(runner), x: axes.x(last.step), y: axes.y(value(last, runner)) }));
    const ends = all.length * LINE > axes.height + LINE ? apart(all) : all;
    const heights = spread(ends.map(({ y }) => y), axes.top, axes.top + axes.height);
    ends.forEach((end, i) => leader(paint, end, heights[i] ?? 0, race.color(end.runner)));
    write(paint, ends, heights);
  }
}

/** The room that names take at the right. */
function margin(paint: CanvasRenderingContext2D, names: string[]): number {
  paint.save();
  paint.font = NAMES;
  const widest = Math.max(0, ...names.map((name) => paint.measureText(name).width));
  paint.restore();
  return widest + 12;
}

/** From the end of a line to its name. */
function leader(paint: CanvasRenderingContext2D, from: { x: number; y: number }, y: number, color: string): void {
  paint.beginPath();
  paint.moveTo(from.x, from.y);
  paint.lineTo(from.x + 6, y);
  paint.strokeStyle = color;
  paint.lineWidth = 1;
  paint.stroke();
}

function frame(paint: CanvasRenderingContext2D, axes: Axes): void {
  const { soft, line } = ink();
  const [from, end, low, high] = axes.window;
  paint.fillStyle = soft;
  paint.strokeStyle = line;
  paint.lineWidth = 1;
  paint.textAlign = "right";
  paint.textBaseline = "middle";
  const stride = Math.max(1, Math.ceil((high - low) / 4));
  const whole = high - low >= 1.2;
  if (whole) for (let power = Math.ceil(low); power <= high; power += stride) level(paint, axes, power);
  else for (const share of [0.1, 0.5, 0.9]) level(paint, axes, low + (high - low) * share);
  paint.textAlign = "center";
  paint.textBaseline = "top";
  for (const share of [0, 0.5, 1]) {
    const step = from + (end - from) * share;
    paint.fillText(String(Math.round(step)), axes.x(step) - (share === 1 ? 8 : 0), axes.top + axes.height + 5);
  }
}

function level(paint: CanvasRenderingContext2D, axes: Axes, power: number): void {
  const y = Math.round(axes.y(power)) + 0.5;
  paint.beginPath();
  paint.moveTo(axes.left, y);
  paint.lineTo(axes.left + axes.width, y);
  paint.stroke();
  paint.fillText(general(10 ** power, 2).replace(".0e", "e"), axes.left - 5, y);
}
