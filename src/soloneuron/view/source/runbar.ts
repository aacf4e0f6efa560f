/** The run bar: reset, back, play, step, speed, the scrubber, and what can be taken along. */

import type { Command, Page } from "./context";
import { SPEEDS } from "./context";
import { button, el, say, select, sign } from "./dom";
import { icon, redraw } from "./icons";

/** A look inside, a new seed, and what can be taken along. */
const MORE: readonly Command[] = ["inside", "seed", "link", "python", "command", "replay", "report"];

export class RunBar {
  readonly element: HTMLElement;
  private readonly play: HTMLButtonElement;
  private readonly scrubber: HTMLInputElement;
  private readonly count = el("output", { class: "count", "aria-live": "off" });

  constructor(
    private readonly page: Page,
    commands = MORE,
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
    this.element = el(
      "div",
      { class: "bar", role: "toolbar", "aria-label": words.say("bar.title") },
      el("div", { class: "keys" }, act("reset"), act("back"), this.play, act("step")),
      el("div", { class: "scrub" }, this.scrubber, this.count),
      select(words.say("bar.speed"), speeds, String(page.speed), (value) => page.setSpeed(Number(value))),
      el("div", { class: "more" }, ...more),
    );
  }

  update(): void {
    const { race, playing, words } = this.page;
    if (race === undefined) return;
    const name = words.say(playing ? "bar.pause" : "bar.play");
    const speed = this.element.querySelector("select");
    if (speed !== null) speed.value = String(this.page.speed);
    if (this.play.title !== name) redraw(this.play, playing ? "pause" : "play", name);
    this.scrubber.max = String(race.recorded);
    this.scrubber.value = String(race.step);
    say(this.count, words.say("bar.step_count", { step: race.step }));
  }
}
