/** The run bar: reset, back, play, step, speed, the scrubber, and what can be taken along. */

import type { Command, Live, Page } from "./context";
import { SPEEDS } from "./generated/catalogue";
import { button, el, roving, say, select, sign } from "./dom";
import { icon, redraw } from "./icons";

/** A look inside, a new seed, and what can be taken along. */
const MORE: readonly Command[] = ["inside", "seed", "link", "python", "command", "replay", "report"];

export class RunBar {
  readonly element: HTMLElement;
  private readonly play: HTMLButtonElement;
  /** To take a change back, and to do it again. */
  private readonly keys: HTMLButtonElement[];
  private readonly scrubber: HTMLInputElement;
  private readonly marks = el("div", { class: "marks" });
  private marked = "";
  private readonly count = el("output", { class: "count", "aria-live": "off" });

  constructor(
    private readonly page: Page,
    commands = MORE,
    live?: Pick<Live, "stops" | "stopAtTarget">,
  ) {
    const { words } = page;
    const act = (name: Command): HTMLButtonElement =>
      sign(icon(name), words.say(`bar.${name}`), () => page.command(name), { class: `sign ${name}` });
    this.play = act("play");
    this.scrubber = el("input", {
      type: "range",
      min: 0,
      max: 0,
      value: 0,
      "aria-label": words.say("bar.scrub"),
      input: () => page.go(Number(this.scrubber.value)),
    });
    const speeds = SPEEDS.map((speed): [string, string] => [String(speed), words.say("bar.per_second", { speed })]);
    const more = commands.map((name) =>
      button(words.say(`bar.${name}`), () => page.command(name), { class: `text ${name}` }),
    );
    this.keys = live === undefined ? [] : [act("undo"), act("redo")];
    this.element = el(
      "div",
      { class: "bar", role: "group", "aria-label": words.say("bar.title") },
      el("div", { class: "keys" }, ...roving(act("reset"), act("back"), this.play, act("step"), ...this.keys)),
      el("div", { class: "scrub" }, el("div", { class: "track" }, this.scrubber, this.marks), this.count),
      select(words.say("bar.speed"), speeds, String(page.speed), (value) => page.setSpeed(Number(value))),
      el("div", { class: "more" }, ...(live === undefined ? [] : [this.target(live)]), ...roving(...more)),
    );
  }

  update(): void {
    const { race, playing, words } = this.page;
    if (race === undefined) return;
    const name = words.say(playing ? "bar.pause" : "bar.play");
    const speed = this.element.querySelector("select");
    if (speed !== null) speed.value = String(this.page.speed);
    if (this.play.title !== name) redraw(this.play, playing ? "pause" : "play", name);
    this.mark(race.setup.changes ?? [], race.recorded);
    this.keys.forEach((key, i) => (key.disabled = race.setup[i === 0 ? "undo" : "redo"] !== true));
    this.scrubber.min = String(race.first);
    this.scrubber.max = String(race.recorded);
    this.scrubber.value = String(race.step);
    say(this.count, words.say("bar.step_count", { step: race.step }));
  }

  private target(live: Pick<Live, "stops" | "stopAtTarget">): HTMLElement {
    const box = el("input", { type: "checkbox", checked: live.stops, change: () => live.stopAtTarget(box.checked) });
    return el("label", { class: "check target" }, box, this.page.words.say("bar.target"));
  }

  /** Where something changes while it runs. */
  private mark(steps: readonly number[], recorded: number): void {
    const key = `${steps.join()} ${recorded}`;
    if (key === this.marked) return;
    this.marked = key;
    const seen = steps.filter((step) => step <= recorded);
    this.marks.replaceChildren(
      ...seen.map((step) => {
        const mark = el("span", { title: this.page.words.say("bar.changed", { step }) });
        mark.style.left = `${(100 * step) / Math.max(1, recorded)}%`;
        return mark;
      }),
    );
  }
}
