/** Own points by keyboard: what a click into the picture does, with numbers. */

import type { Live, Page } from "./context";
import { button, el } from "./dom";
import { LIMITS } from "./generated/catalogue";
import { NumberField } from "./number_field";
import type { LivePlane } from "./plane";
import type { Point } from "./protocol";

/** Two points with which one can begin. */
const FEW: Point[] = [[-1, -1, 0], [1, 1, 1]];

export class PointEntry {
  readonly element: HTMLElement;
  private readonly x: NumberField;
  private readonly y: NumberField;
  private readonly label = el("select", {}, el("option", {}, "0"), el("option", {}, "1"));

  constructor(page: Live) {
    const { words } = page;
    const place = (name: string): NumberField =>
      new NumberField(page, [name, -LIMITS.farthest, LIMITS.farthest], 0, { "aria-label": words.say("panel.coordinate", { name }) });
    [this.x, this.y] = [place("x₁"), place("x₂")];
    this.label.setAttribute("aria-label", words.say("panel.class"));
    const act = (name: string, click: () => void): HTMLButtonElement =>
      button(words.say(`panel.${name}`), click, { "data-focus": name });
    this.element = el(
      "details",
      {},
      el("summary", {}, words.say("panel.points")),
      el("p", { class: "hint" }, words.say("panel.points_hint")),
      el("div", { class: "row" }, this.x.box, this.y.box, this.label),
      el(
        "div",
        { class: "row" },
        act("add", () => this.use((x, y) => page.editPoints([[x, y, Number(this.label.value)]], []))),
        act("remove", () => this.use((x, y) => page.editPoints([], [nearest(ownPoints(page), x, y)]))),
        act("few", () => page.configure({ data: "own", points: FEW, names: [] })),
      ),
    );
  }

  private use(take: (x: number, y: number) => void): void {
    this.x.use((x) => this.y.use((y) => take(x, y)));
  }
}

/** A click takes away the point under it, or adds one; a finger, which has no Shift, first gives it the other class. */
export function click(page: Live, ...[x, y, near, other, touch]: Parameters<LivePlane["click"]>): void {
  const points = ownPoints(page);
  const row = nearest(points, x, y);
  const [px, py, label] = points[row] ?? [Infinity, 0, 0];
  if (Math.hypot(px - x, py - y) > near * (touch ? 2 : 1)) page.editPoints([[x, y, other ? 1 : 0]], []);
  else page.editPoints(touch && label === 0 ? [[px, py, 1]] : [], [row]);
}

/** All points of the race as own points, as a link keeps them. */
export function ownPoints(page: Page): Point[] {
  const { race } = page;
  const { wanted, setup } = race ?? {};
  if (wanted?.data === "own" && (race?.step ?? 0) === 0) return [...wanted.points];
  return [setup?.test, setup?.data].flatMap((part): Point[] =>
    part === undefined ? [] : part.y.map((label, i) => [part.x[2 * i] ?? 0, part.x[2 * i + 1] ?? 0, label > 0.5 ? 1 : 0]),
  );
}

/** The row that lies nearest to a place. */
function nearest(points: Point[], x: number, y: number): number {
  const far = points.map(([px, py]) => Math.hypot(px - x, py - y));
  return far.indexOf(Math.min(...far));
}
