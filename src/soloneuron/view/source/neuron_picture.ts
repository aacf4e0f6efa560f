/** The neuron itself: two features, their weights, the sum, the probability, the loss; forwards, and backwards. */

import type { Page } from "./context";
import { el, roving, say, sign } from "./dom";
import { featureNames } from "./feature_names";
import { LOSSES } from "./generated/losses";
import { probability } from "./generated/totals";
import type { Race } from "./race";
import { low } from "./session/graph";
import type { Pass } from "./session/pass";
import { isOfMargin, passOf } from "./session/pass";
import { inputsAt, logit } from "./training/terms";
import { general, short } from "./words";

/** Numbers have so many digits: more cannot be read while they move. */
const DIGITS = 3;
/** Where the parts stand, in units of the picture. */
const [FEATURES, SUM, MIDDLE, LOSS, TOP] = [30, 236, 398, 566, 32];
const WIDE = 596;
/** How far the inputs stand apart, by their number: at last one below the other. */
const APART = [80, 80, 80, 66, 54];
const CLOSE = 50;

/** Room for the name of the first feature. */
const ABOVE = 8;
/** So far apart names have room between the inputs. */
const ROOM = 60;

/** What is known of one point: forwards its numbers, backwards the derivatives of its loss. */
interface PointPass extends Pass {
  x: number[];
  y: number;
  theta: number[];
  z: number;
}

/** A neuron that is drawn somewhere. */
export interface ShownNeuron {
  readonly element: HTMLElement;
  update(): void;
  look(point: number): void;
}

export class NeuronPicture implements ShownNeuron {
  readonly element = el("figure", { class: "neuron" });
  private readonly texts = new Map<string, SVGTextElement>();
  /** What stands before a number, by its name. */
  private readonly letters = new Map<string, string>();
  private readonly edges: SVGPathElement[] = [];
  private readonly image: SVGSVGElement;
  private readonly caption = el("figcaption");
  private point = 0;

  constructor(
    private readonly page: Page,
    private readonly race: Race,
    private readonly loss: number,
  ) {
    const { words } = page;
    const step = (by: number): void => {
      const count = race.setup.data.y.length;
      this.point = (this.point + by + count) % count;
      this.update();
    };
    this.image = this.drawn();
    const [before = null, after = null] = roving(
      sign("‹", words.say("neuron.before"), () => step(-1), { class: "sign" }),
      sign("›", words.say("neuron.after"), () => step(1), { class: "sign" }),
    );
    this.element.append(this.image, el("div", { class: "row" }, before, this.caption, after));
  }

  /** Show another point, such as the one under the pointer. */
  look(point: number): void {
    if (point === this.point || point >= this.race.setup.data.y.length) return;
    this.point = point;
    this.update();
  }

  /** The numbers of the shown step. */
  update(): void {
    const pass = this.pass();
    if (pass === undefined) return;
    const { x, y, theta, z, middle, loss, slope, behind } = pass;
    const put = (name: string, value: number | string): void => {
      const text = this.texts.get(name);
      const letter = this.letters.get(name) ?? "";
      if (text !== undefined) say(text, letter + (typeof value === "string" ? value : general(value, DIGITS)));
    };
    theta.forEach((weight, i) => {
      const input = x[i] ?? 1;
      put(`x${i}`, i < x.length ? input : "1");
      put(`w${i}`, weight);
      put(`dw${i}`, slope * input);
      const edge = this.edges[i];
      edge?.setAttribute("stroke-width", (1 + 4 * (1 - Math.exp(-Math.abs(weight * input) / 3))).toFixed(2));
      edge?.classList.toggle("less", weight * input < 0);
    });
    put("z", z);
    put("dz", slope);
    put("middle", middle);
    put("dmiddle", behind);
    put("y", `y = ${y}`);
    put("loss", loss);
    const fields = { number: this.point + 1, count: this.race.setup.data.y.length };
    say(this.caption, this.page.words.say("neuron.caption", fields));
    const told = { ...fields, z, p: probability(z), y, loss, slope, name: short(this.name) };
    this.image.setAttribute("aria-label", this.page.words.say("neuron.alt", told));
  }

  private get name(): string {
    return this.race.setup.config.loss[this.loss] ?? "nll";
  }

  private pass(): PointPass | undefined {
    const { race } = this;
    const { now, setup } = race;
    const formulas = LOSSES[this.name];
    if (now === undefined || formulas === undefined || setup.data.y.length === 0) return undefined;
    const runner = race.shown(this.loss);
    const point = Math.min(this.point, setup.data.y.length - 1);
    const x = inputsAt(setup.data.x[2 * point] ?? 0, setup.data.x[2 * point + 1] ?? 0, setup.config.terms);
    const y = setup.data.y[point] ?? 0;
    const theta = now.weights(runner);
    const z = logit(theta, x);
    return { x, y, theta, z, ...passOf(this.name, formulas, z, y) };
  }

  /** The picture without its numbers. */
  private drawn(): SVGSVGElement {
    const { bias, terms } = this.race.setup.config;
    const margin = isOfMargin(this.name);
    const names = ["x₁", "x₂", ...terms.map((name) => this.page.menus.terms[name] ?? name), ...(bias ? ["1"] : [])];
    const apart = APART[names.length] ?? CLOSE;
    const bottom = TOP + (names.length - 1) * apart;
    const center = (TOP + bottom) / 2;
    const called = featureNames(this.race.setup.config, this.page.words);
    const above = called.length > 0 ? ABOVE : 0;
    const image = make("svg", { viewBox: `0 ${-above} ${WIDE} ${bottom + 30 + above}`, role: "img" });
    names.forEach((name, i) => {
      const y = TOP + i * apart;
      const edge = make("path", { d: `M${FEATURES + 22} ${y}H${FEATURES + 128}C${SUM - 45} ${y} ${SUM - 65} ${center} ${SUM - 24} ${center}` });
      this.edges.push(edge);
      image.append(edge, this.node(FEATURES, y, name, name === "1" ? "" : `x${i}`));
      image.append(...this.number(FEATURES + 84, y, name === "1" ? "b" : `w${low(i + 1)}`, `w${i}`));
      // Where many stand close together, there is no room for the second name.
      const feature = this.text(FEATURES - 23, y - 28, "feature");
      feature.textContent = (i > 0 && apart < ROOM ? undefined : called[i]) ?? "";
      image.append(feature);
    });
    const line = (from: number, to: number): SVGPathElement => make("path", { d: `M${from + 24} ${center}H${to - 24}` });
    image.append(line(SUM, MIDDLE), line(MIDDLE, LOSS));
    image.append(...this.number((SUM + MIDDLE) / 2, center, "z", "z"));
    image.append(...this.number((MIDDLE + LOSS) / 2, center, margin ? "m" : "p", "middle"));
    image.append(this.node(SUM, center, "Σ", ""), this.node(MIDDLE, center, margin ? "±" : "σ", ""));
    image.append(this.node(LOSS, center, short(this.name), "loss"));
    image.append(this.text(LOSS, center - 32, "value", "y"));
    return image;
  }

  private node(x: number, y: number, name: string, value: string): SVGGElement {
    const group = make("g", {});
    group.append(make("circle", { cx: x, cy: y, r: 23 }));
    const label = this.text(x, value === "" ? y + 5 : y - 3, "name");
    label.textContent = name;
    group.append(label);
    if (value !== "") group.append(this.text(x, y + 11, "value", value));
    return group;
  }

  /** Two numbers on an edge: forwards above it, backwards below. */
  private number(x: number, y: number, letter: string, name: string): SVGElement[] {
    this.letters.set(name, `${letter} = `).set(`d${name}`, `∂${letter} = `);
    return [this.text(x, y - 7, "value", name), this.text(x, y + 17, "value grad", `d${name}`)];
  }

  private text(x: number, y: number, kind: string, name = ""): SVGTextElement {
    const made = make("text", { x, y, class: kind });
    if (name !== "") this.texts.set(name, made);
    return made;
  }
}

function make<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
