/** The sharpness where the runners stand, beside 2 over their rates: a curve for who asks for it. */

import type { Live } from "./context";
import { Curve } from "./curves";
import { el } from "./dom";
import { LESSONS } from "./generated/catalogue";
import type { Race } from "./race";
import { Pace } from "./pace";
import { readable } from "./readout";
import { named } from "./stage";
import { general } from "./words";

/** Kinds of measures that a lesson takes of it. */
const KINDS = ["sharpness", "sharpest", "stable", "edge"];
/** Milliseconds between two paintings while it grows. */
const EVERY = 90;
/** What is flatter, or bends downwards, is drawn as so sharp. */
const FLAT = 1e-4;

export class SharpnessCurve {
  readonly toggle: HTMLElement;
  private readonly box: HTMLInputElement;
  private figure = el("figure");
  private curves: HTMLElement | undefined;
  private readonly draws = new Pace(EVERY);
  private paintNow = (): void => undefined;

  constructor(private readonly page: Live) {
    const title = page.words.say("curve.sharpness");
    this.box = el("input", {
      type: "checkbox",
      change: () => {
        page.sharp = this.box.checked;
        this.update();
      },
    });
    this.toggle = el("label", { class: "check target sharp" }, this.box, title);
  }

  /** A new curve for a new race, behind the others. */
  build(race: Race, curves: HTMLElement): void {
    const { words, engine } = this.page;
    const { runners } = race.setup;
    const plain = runners.flatMap(({ optimizer }, i) => (optimizer === "gradient_descent" ? [i] : []));
    /** Whose the lines are: first every runner's sharpness, then 2 over the rates of plain descent. */
    const owners = [...runners.keys(), ...plain];
    const isEdge = (i: number): boolean => i >= runners.length;
    const owner = (i: number): number => owners[i] as number;
    const name = (i: number): string => (isEdge(i) ? words.say("curve.edge") : named(race, i, words));
    const value = (i: number, step: number): number => engine.sharpness(owner(i), step)[isEdge(i) ? 1 : 0] as number;
    const both = Object.create(race, {
      setup: { value: { ...race.setup, runners: owners.map((i) => runners[i]) } },
      color: { value: (i: number) => race.color(owner(i)) },
      dash: { value: (i: number) => (isEdge(i) ? [2, 5] : race.dash(i)) },
      second: { value: (i: number) => !isEdge(i) && race.second(i) },
    }) as Race;
    const title = words.say("curve.sharpness");
    const curve = new Curve(title, ({ step }, i) => Math.max(FLAT, value(i, step)), name);
    const told = (step: number): string => owners.map((_, i) => `${name(i)} ${general(value(i, step), 3)}`).join(" · ");
    const use = <T>(x: number, take: (step: number) => T): T | undefined => {
      const step = curve.step(x, race);
      return step === undefined ? undefined : take(step);
    };
    this.figure = readable(
      curve.canvas,
      title,
      (x) => use(x, (step) => words.say("readout.curve", { step, values: told(step) })),
      (x) => use(x, (step) => this.page.go(step)),
    );
    this.paintNow = () => curve.paint(both);
    this.curves = curves;
    this.update();
  }

  /** It is there if somebody wants it, or the lesson does. */
  update(): void {
    const { lesson, sharp } = this.page;
    const asked = Object.values(LESSONS[lesson?.name ?? ""]?.measures ?? {}).some(({ kind }) => KINDS.includes(kind));
    this.box.checked = sharp ?? asked;
    if (this.box.checked) this.curves?.append(this.figure);
    else this.figure.remove();
    this.paint();
  }

  paint(): void {
    if (this.figure.isConnected && this.draws.due(this.page.playing)) this.paintNow();
  }
}
