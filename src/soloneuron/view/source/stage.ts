/** The pictures: for every loss the plane, the map and the surface; below them the curves. */

import type { Page } from "./context";
import { Curve, type Reading } from "./curves";
import { el } from "./dom";
import { probability } from "./generated/totals";
import type { Grid } from "./grid";
import { landscape, lossAt } from "./grid";
import { Chart } from "./map";
import type { ShownNeuron } from "./neuron_picture";
import { Pace } from "./pace";
import type { LivePlane } from "./plane";
import { Plane } from "./plane";
import type { Frame } from "./protocol";
import type { Race } from "./race";
import { readable } from "./readout";
import { Surface } from "./surface";
import { inputsAt, logit } from "./training/terms";
import type { Landscape } from "./training/landscape";
import type { Words } from "./words";
import { short } from "./words";

const FINE = 73;
/** Enough for the surface, and for a map that is to be there at once. */
const COARSE = 37;
/** So many losses of single points are computed between two frames of the screen. */
const AT_ONCE = 600_000;
/** Milliseconds of rest after which a coarse map becomes a fine one. */
const REST = 400;
/** Milliseconds between two paintings of the curves while they grow. */
const CURVES_EVERY = 90;
/** Milliseconds between two slices of a landscape while the rest of theta moves: a slice costs more than a frame. */
const SLICE_EVERY = 200;

/** What only a page that trains has; a replay leaves it out. */
export interface LivePictures extends LivePlane {
  /** Draws the neuron of a loss, by its place. */
  neuron(race: Race, loss: number): ShownNeuron;
  /** The start of a map that is dragged, and painted on its way. */
  drag(chart: Chart, again: () => void): void;
  /** The same names beside weights. */
  weights(race: Race): readonly string[];
}

export interface Card {
  plane: Plane;
  chart: Chart;
  surface: Surface;
  /** Where the page can compute with its loss. */
  neuron: ShownNeuron | undefined;
  grid: Grid;
  /** The fine map as far as it is filled. */
  finer?: Landscape | undefined;
  /** What theta is held at behind the two weights of the map. */
  rest: number[];
  sliced: number;
}

export class Stage {
  readonly element = el("section", { class: "stage", tabindex: "-1" });
  /** What lies below: the surfaces and the neurons; a replay has its surfaces beside the maps. */
  readonly deep = el("section", { class: "stage deep" });
  readonly curves = el("section", { class: "curves" });
  protected cards: Card[] = [];
  private lines: Curve[] = [];
  private wanted = false;
  private draws = new Pace(CURVES_EVERY);
  private timer = 0;
  protected race: Race | undefined;

  constructor(
    protected readonly page: Page,
    private readonly painted: () => void,
    protected readonly live?: LivePictures,
  ) {
    new ResizeObserver(() => this.repaint()).observe(this.element);
    new ResizeObserver(() => this.repaint()).observe(this.curves);
  }

  /** New pictures for a new race. */
  build(race: Race): void {
    const { words } = this.page;
    this.race = race;
    const losses = race.setup.data.y.length > 0 ? race.setup.config.loss : [];
    this.cards = losses.map((_, i) => this.card(race, i));
    for (const part of [this.element, this.deep]) part.classList.toggle("two", losses.length > 1);
    const under: HTMLElement[] = [];
    this.element.replaceChildren(
      ...this.cards.map((card, i) => {
        const surface = readable(card.surface.canvas, words.say("picture.surface"), (x, y) =>
          this.readMap(card, card.surface.at(x, y, card.grid)),
        );
        if (card.neuron !== undefined) under.push(el("article", { class: "card" }, surface, card.neuron.element));
        return el(
          "article",
          { class: "card" },
          el("h2", {}, words.title("losses", losses[i] ?? ""), el("small", {}, short(losses[i] ?? ""))),
          el(
            "div",
            { class: "pictures" },
            readable(card.plane.canvas, words.say("picture.plane"), (x, y) => this.readPlane(race, i, card.plane.at(x, y))),
            readable(card.chart.canvas, words.say(isSlice(race) ? "picture.slice" : "picture.map"), (x, y) =>
              this.readMap(card, card.chart.at(x, y)),
            ),
            card.neuron === undefined ? surface : null,
          ),
        );
      }),
    );
    this.deep.replaceChildren(...under);
    this.follow(race, race.setup.test ? words.say("curve.loss_test") : words.say("curve.loss"), (f, r) => f.loss(r));
  }

  /** The curves of a race, of which the first shows some height and is called so; then all is painted. */
  protected follow(race: Race, height: string, read: Reading): void {
    const { words } = this.page;
    const name = (runner: number): string => named(race, runner, words);
    const names = [height, words.say("curve.gradient"), words.say("curve.moved")];
    const reads: Reading[] = [read, (f, r) => f.gradient(r), (f, r) => f.moved(r)];
    const held = race.setup.test && ((f: Frame, r: number): number => f.test?.[r]?.[0] ?? f.loss(r));
    this.lines = reads.map((one, i) => new Curve(names[i] ?? "", one, name, i === 0 ? held : undefined));
    this.curves.replaceChildren(
      ...this.lines.map((line, i) =>
        readable(
          line.canvas,
          names[i] ?? "",
          (x) => {
            const step = line.step(x, race);
            return step === undefined ? undefined : words.say("readout.curve", { step, values: line.told(race, step) });
          },
          (x) => {
            const step = line.step(x, race);
            if (step !== undefined) this.page.go(step);
          },
        ),
      ),
    );
    this.draws = new Pace(CURVES_EVERY);
    this.rest();
    this.repaint();
  }

  /** Paint before the next frame of the screen, once. */
  repaint(): void {
    if (this.wanted) return;
    this.wanted = true;
    requestAnimationFrame(() => {
      this.wanted = false;
      this.paint();
      this.painted();
    });
  }

  /** What the pictures show, for those who do not see them. */
  describe(): void {
    const { race } = this;
    const now = race?.now;
    if (race === undefined || now === undefined) return;
    const { words } = this.page;
    this.cards.forEach((card, loss) => {
      const runner = race.shown(loss);
      const fields = {
        step: race.step, u: now.theta(runner, 0), v: now.theta(runner, 1), loss: now.loss(runner),
        accuracy: now.accuracy(runner), name: words.title("optimizers", race.setup.runners[runner]?.optimizer ?? ""),
      };
      card.plane.canvas.setAttribute("aria-label", words.say("picture.plane_alt", fields));
      card.chart.canvas.setAttribute("aria-label", words.say("picture.map_alt", fields));
      card.surface.canvas.setAttribute("aria-label", words.say("picture.surface_alt", fields));
    });
  }

  private paint(): void {
    const { race } = this;
    if (race === undefined) return;
    for (const [loss, card] of this.cards.entries()) {
      const rest = isSlice(race) ? (race.now?.weights(race.shown(loss)).slice(2) ?? []) : [];
      if (rest.some((weight, i) => Math.abs(weight - (card.rest[i] ?? 0)) > 0.02)) this.slice(race, card, loss, rest);
      card.plane.paint(race);
      card.chart.paint(race, card.grid);
      card.surface.paint(race, card.grid);
    }
    if (!this.draws.due(this.page.playing)) return;
    for (const card of this.cards) card.neuron?.update();
    for (const line of this.lines) line.paint(race);
  }

  /** Make the maps fine, one after the other, as soon as nothing changes any more. */
  private rest(after = REST): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const { race } = this;
      const loss = this.cards.findIndex((card) => card.grid.size < FINE);
      const card = this.cards[loss];
      if (race === undefined || card === undefined) return;
      const fine = (card.finer ??= this.exact(race, loss, FINE, card.rest));
      fine.fill(AT_ONCE / race.setup.data.y.length);
      if (fine.done) {
        card.grid = fine;
        this.repaint();
      }
      this.rest(0);
    }, after);
  }

  private slice(race: Race, card: Card, loss: number, rest: number[]): void {
    const wait = card.sliced + SLICE_EVERY - performance.now();
    if (wait > 0) {
      window.setTimeout(() => this.repaint(), wait);
      return;
    }
    card.rest = rest;
    card.grid = this.coarse(race, loss, rest);
    card.finer = undefined;
    card.sliced = performance.now();
    this.rest();
  }

  protected card(race: Race, i: number): Card {
    const { live, page: { words } } = this;
    const { terms, bias } = race.setup.config;
    const rest = [...terms, ...(bias ? [1] : [])].map(() => 0);
    const chart = new Chart(words.say("picture.map"), i, (name) => words.short(name), live && ((race) => live.weights(race)));
    live?.drag(chart, () => this.repaint());
    return {
      plane: new Plane(words.say("picture.plane"), i, live),
      chart,
      surface: new Surface(words.say("picture.surface"), i, () => this.repaint()),
      neuron: live?.neuron(race, i),
      grid: this.coarse(race, i, rest),
      rest,
      sliced: -Infinity,
    };
  }

  /** What can be painted at once: of many points fewer knots. */
  private coarse(race: Race, loss: number, rest: number[]): Grid {
    const grid = this.exact(race, loss, Math.min(COARSE, Math.ceil(Math.sqrt(AT_ONCE / race.setup.data.y.length))), rest);
    grid.fill();
    return grid;
  }

  /** The landscape of one of a race's losses, to be filled. */
  protected exact({ setup: { data, window, config } }: Race, loss: number, size: number, rest: number[]): Landscape {
    return landscape(config.loss[loss] as string, data, window, size, rest, config);
  }

  /** What the neuron makes of a place of the plane; a point there is followed through all neurons. */
  private readPlane(race: Race, loss: number, place: [number, number, number] | undefined): string | undefined {
    const { now } = race;
    if (place === undefined || now === undefined) return undefined;
    const [x, y, near] = place;
    const points = race.setup.data;
    const hit = points.y.findIndex((_, i) => Math.hypot((points.x[2 * i] ?? 0) - x, (points.x[2 * i + 1] ?? 0) - y) < near);
    if (hit >= 0) for (const { neuron } of this.cards) neuron?.look(hit);
    const runner = race.shown(loss);
    const inputs = inputsAt(x, y, race.setup.config.terms);
    return this.page.words.say("readout.plane", { u: x, v: y, p: probability(logit(now.weights(runner), inputs)) });
  }

  private readMap(card: Card, place: [number, number] | undefined): string | undefined {
    const loss = place === undefined ? undefined : lossAt(card.grid, ...place);
    if (place === undefined || loss === undefined) return undefined;
    return this.page.words.say("readout.map", { u: place[0], v: place[1], loss });
  }
}

/** Whether theta has more than the two weights of the map. */
function isSlice({ setup: { config } }: Race): boolean {
  return config.bias || config.terms.length > 0;
}

/** A runner in as few words as tell it from the others. */
export function named(race: Race, runner: number, words: Words): string {
  const { optimizer, loss } = race.setup.runners[runner] ?? { optimizer: "", loss: "" };
  if (race.each === 1 && race.setup.runners.length > 1) return short(loss);
  return words.short(optimizer) + (race.setup.config.loss.length > 1 ? ` · ${short(loss)}` : "");
}
