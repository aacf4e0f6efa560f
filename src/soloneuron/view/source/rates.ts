/** One optimizer's learning rate: a slider in decades, a number, and where the limit lies. */

import type { Live } from "./context";
import { el, sign } from "./dom";
import { about } from "./help";
import { NumberField } from "./number_field";
import type { Judgement } from "./protocol";
import type { Race } from "./race";
import { general } from "./words";

const [LOW, HIGH] = [-4, 3];

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
    const [name, rate] = race.setup.config.optimizers[index] ?? ["", 0.1];
    this.optimizer = name;
    const title = words.title("optimizers", name);
    const label = words.say("panel.rate", { name: title });
    const set = (value: number): void => page.configure({ optimizers: this.with(value) });
    const attributes = { class: "rate", "aria-label": label, "data-focus": `rate-${name}` };
    const { box } = new NumberField(page, ["rate", 1e-6, 1e6], rate, attributes, set);
    const slider = el("input", {
      type: "range",
      min: LOW,
      max: HIGH,
      step: 0.02,
      value: Math.log10(rate),
      "aria-label": label,
      "aria-valuetext": String(rate),
      "data-focus": `slide-${name}`,
      input: () => (box.value = String(rounded(10 ** Number(slider.value)))),
      change: () => set(rounded(10 ** Number(slider.value))),
    });
    const swatch = sign(null, words.say("panel.show", { name: title }), () => page.choose(index), {
      class: "swatch",
      "aria-pressed": String(race.chosen === index),
      "data-focus": `show-${name}`,
    });
    swatch.style.setProperty("--color", race.color(index));
    this.element = el(
      "div",
      { class: "runner" },
      el("div", { class: "row" }, swatch, el("span", { class: "name", title }, words.short(name)), about(words, name), box),
      el("div", { class: "slide" }, slider, this.limit),
      this.note,
    );
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

  private with(rate: number): [string, number][] {
    const racing = this.page.race?.wanted.optimizers ?? [];
    return racing.map(([name, old]) => [name, name === this.optimizer ? rate : old]);
  }
}

const rounded = (rate: number): number => Number(general(rate, 3));
