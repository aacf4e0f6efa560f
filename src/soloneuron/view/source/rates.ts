/** One optimizer's numbers: each a slider and a box, its rate first, and where the limit of that lies. */

import type { Live } from "./context";
import { el, roving, sign } from "./dom";
import { LIMITS, OPTIMIZERS } from "./generated/catalogue";
import { about } from "./help";
import { NumberField, type Range } from "./number_field";
import type { Judgement } from "./protocol";
import type { Race } from "./race";
import { entryOf } from "./session/link_words";
import { signOf } from "./training/formula_trace";
import { ALL_RULES } from "./training/searching";
import { general } from "./words";

const [LOW, HIGH] = [-4, 3];

/** The ends of a slider, and the number that a place on it is, and back. */
interface Scale {
  ends: readonly [number, number];
  number(place: number): number;
  place(number: number): number;
}

/** The left end of what may be 0, which it is there: so many decades below 1. */
const NOTHING = -10;

const decades = (low: number, high: number): Scale => ({
  ends: [low, high],
  number: (place) => (place > NOTHING ? Number(general(10 ** place, 3)) : 0),
  place: (number) => Math.max(low, Math.log10(number)),
});

/** For shares that end before 1: each stretch of the slider takes what is left to 1 to a tenth. */
const NEAR_ONE: Scale = {
  ends: [0, 4],
  number: (place) => Number((1 - 10 ** -place).toFixed(4)),
  place: (number) => -Math.log10(1 - number),
};

const SHARE: Scale = { ends: [0, 1], number: Number, place: Number };

/** Optimizers whose other numbers are unfolded. */
const unfolded = new Set<string>();

export class RateRow {
  readonly element: HTMLElement;
  private readonly limit = el("span", { class: "limit", "aria-hidden": "true", hidden: true });
  private readonly optimizer: string;
  private readonly note = el("p", { class: "hint" });

  constructor(
    private readonly page: Live,
    race: Race,
    index: number,
  ) {
    const { words } = page;
    const [name, rate, own = {}] = race.setup.config.optimizers[index] ?? ["", 0.1];
    this.optimizer = name;
    const title = words.title("optimizers", name);
    const [box, slider] = controls(page, ["rate", LIMITS.least_rate, LIMITS.most_rate], name, words.say("panel.rate", { name: title }), rate, decades(LOW, HIGH), (value) => this.set(value));
    const swatch = sign(null, race.setup.config.surface === "" ? words.say("panel.show", { name: title }) : title, () => page.choose(index), {
      class: "swatch",
      "aria-pressed": String(race.chosen === index),
      "data-focus": `show-${name}`,
    });
    swatch.style.setProperty("--color", race.color(index));
    const card = about(words, name);
    roving(swatch, card);
    this.element = el(
      "div",
      { class: "runner" },
      el("div", { class: "row" }, swatch, el("span", { class: "name", title }, words.short(name)), card, box),
      el("div", { class: "slide" }, slider, this.limit),
      this.note,
      this.others(title, own),
    );
  }

  /** The numbers of its formula, below it. */
  private others(title: string, own: Readonly<Record<string, number>>): HTMLElement | null {
    const { optimizer: name } = this;
    const rows = Object.entries(OPTIMIZERS[name]?.numbers ?? {}).map(([key, [least, most]]) => {
      const scale = most === 1 ? SHARE : most < 1 ? NEAR_ONE : decades(NOTHING, 3);
      const value = own[key] ?? Number(ALL_RULES[name]?.defaults[key]);
      const [box, slider] = controls(this.page, [key, least, most], name, `${title}: ${key}`, value, scale, (x) => this.set(undefined, { [key]: x }));
      return el("div", { class: "field", title: key }, el("span", {}, signOf(key)), slider, box);
    });
    if (rows.length === 0) return null;
    const fold = el(
      "details",
      { open: unfolded.has(name), toggle: () => void (fold.open ? unfolded.add(name) : unfolded.delete(name)) },
      el("summary", { "data-focus": `fold-${name}` }, el("code", {}, this.page.words.of(`optimizers.${name}.formula`) ?? "")),
      ...rows,
    );
    return fold;
  }

  update(judgement: Judgement | undefined): void {
    const limits = judgement?.limits;
    const guaranteed = limits?.guaranteed ?? null;
    const local = limits?.local ?? null;
    // What holds everywhere goes first: where next to nothing bends, the local limit alone would allow anything.
    const value = guaranteed ?? local;
    this.limit.hidden = this.note.hidden = value === null;
    if (value === null) return;
    const share = (Math.log10(value) - LOW) / (HIGH - LOW);
    this.limit.style.left = `${Math.min(100, Math.max(0, share * 100))}%`;
    const guide = limits?.full_batch === false ? ` (${this.page.words.say("panel.guide")})` : "";
    const line = this.page.words.say(guaranteed === null ? "panel.local" : "panel.guaranteed", { limit: value });
    const both = local !== null && guaranteed !== null;
    this.note.textContent = line + (both ? `, ${this.page.words.say("panel.beside", { limit: local })}` : "") + guide;
  }

  private set(rate?: number, settings?: Record<string, number>): void {
    const racing = this.page.race?.wanted.optimizers ?? [];
    const optimizers = racing.map((entry) => {
      const [name, old, own] = entry;
      return name === this.optimizer ? entryOf(name, rate ?? old, { ...own, ...settings }) : entry;
    });
    this.page.configure({ optimizers });
  }
}

/** A field for a number, and a slider. */
function controls(
  page: Live, range: Range, name: string, label: string, value: number, { ends, number, place }: Scale, set: (value: number) => void,
): [HTMLInputElement, HTMLInputElement] {
  const [key, least] = range;
  const field = new NumberField(page, range, value, { class: key, "aria-label": label, "data-focus": `${key}-${name}` }, set);
  const { box } = field;
  const slider = el("input", {
    type: "range", min: ends[0], max: ends[1], step: 0.02, value: place(value),
    "aria-label": label, "aria-valuetext": value, "data-focus": `slide-${key}-${name}`,
    input: () => (box.value = String(Math.max(least, number(Number(slider.value))))),
    change: () => field.use(set),
  });
  return [box, slider];
}
