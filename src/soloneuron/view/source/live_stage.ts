/** The pictures of the live page: those of rows, or of a surface, whose map is then the main one. */

import { el } from "./dom";
import type { Grid } from "./grid";
import { Chart } from "./map";
import type { Race } from "./race";
import { readable } from "./readout";
import type { Card } from "./stage";
import { Stage } from "./stage";
import { Landscape } from "./training/landscape";
import { SurfaceObjective, SURFACES } from "./training/surface";
import type { Surface } from "./training/types";
import { general } from "./words";

/** Knots of a map that need not be there at once: a valley may be narrow. */
const FINE = 145;
/** So many times the smallest height that the eye is to tell goes into that of the surface's own start. */
const DEPTH = 200;

/** The surface of a race, if it has one. */
const surfaceOf = (race: Race): Surface | undefined => SURFACES[race.setup.config.surface];

/** The map of a surface, with its lowest points. */
class SurfaceMap extends Chart {
  override letters: [string, string] = ["x", "y"];

  override paint(race: Race, grid: Grid): void {
    super.paint(race, grid);
    const { axes } = this;
    const paint = this.canvas.getContext("2d");
    if (axes === undefined || paint === null) return;
    for (const [x, y] of surfaceOf(race)?.minima ?? []) star(paint, axes.x(x), axes.y(y));
  }
}

export class LiveStage extends Stage {
  override build(race: Race): void {
    const surface = surfaceOf(race);
    if (surface === undefined) return super.build(race);
    const { words } = this.page;
    this.race = race;
    const card = this.card(race, 0);
    this.cards = [card];
    for (const part of [this.element, this.deep]) part.classList.remove("two");
    this.deep.replaceChildren();
    const read = (place: [number, number] | undefined): string | undefined =>
      place && words.say("readout.surface", { x: place[0], y: place[1], height: surface.value(...place) });
    const { minima, lowest } = surface;
    const where = minima.map(([x, y]) => `(${general(x, 4)}, ${general(y, 4)})`).join(", ");
    this.element.replaceChildren(
      el(
        "article",
        { class: "card" },
        el("h2", {}, words.title("losses", race.setup.config.surface), el("small", {}, words.say("surface.lowest", { lowest, where, count: minima.length }))),
        el(
          "div",
          { class: "pictures" },
          // In the place of the plane, which is the first everywhere.
          el("i", { hidden: true }),
          readable(card.chart.canvas, words.say("surface.map"), (x, y) => read(card.chart.at(x, y))),
          readable(card.surface.canvas, words.say("picture.surface"), (x, y) => read(card.surface.at(x, y, card.grid))),
        ),
      ),
    );
    // A frame holds few digits of a height: not enough for a difference.
    this.follow(race, words.say("curve.above"), (frame, runner) =>
      lowest === 0 ? frame.loss(runner) : surface.value(frame.theta(runner, 0), frame.theta(runner, 1)) - lowest,
    );
  }

  protected override card(race: Race, i: number): Card {
    const card = super.card(race, i);
    if (surfaceOf(race) === undefined) return card;
    const { words } = this.page;
    card.surface.letters = ["x", "y"];
    const chart = new SurfaceMap(words.say("surface.map"), i, (name) => words.short(name));
    this.live?.drag(chart, () => this.repaint());
    return { ...card, chart, neuron: undefined };
  }

  protected override exact(race: Race, loss: number, size: number, rest: number[]): Landscape {
    const surface = surfaceOf(race);
    if (surface === undefined) return super.exact(race, loss, size, rest);
    return new SurfaceLandscape(surface, race.setup.window, size > FINE / 3 ? FINE : size);
  }
}

/** Its depth makes a valley floor readable below walls of thousands. */
class SurfaceLandscape extends Landscape {
  constructor(
    private readonly surface: Surface,
    window: Surface["window"],
    size: number,
  ) {
    super(new SurfaceObjective(surface), window, size);
  }

  get depth(): number {
    const { value, start, lowest } = this.surface;
    return Math.max(60, ((this.high - this.low) / (value(...start) - lowest)) * DEPTH);
  }
}

/** A lowest point. */
function star(paint: CanvasRenderingContext2D, x: number, y: number): void {
  paint.font = "17px system-ui, sans-serif";
  paint.textAlign = "center";
  paint.textBaseline = "middle";
  paint.lineWidth = 3;
  paint.strokeStyle = "#000a";
  paint.fillStyle = "#fff";
  paint.strokeText("★", x, y);
  paint.fillText("★", x, y);
}
