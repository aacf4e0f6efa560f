/** What is to be seen, in sentences; and why. */

import type { Page } from "./context";
import { button, el, say } from "./dom";
import type { Judgement } from "./protocol";
import type { Race } from "./race";
import { general, short } from "./words";

export class Story {
  readonly element: HTMLElement;
  private readonly line = el("p", { class: "line" });
  private readonly warnings = el("ul", { class: "warnings" });
  private readonly reason = el("p", {});
  private shown = "";

  constructor(private readonly page: Page) {
    const { words } = page;
    const why = el("details", { class: "why" }, el("summary", {}, words.say("story.why")), this.reason);
    this.element = el("section", { class: "story", "aria-label": words.say("story.title") }, this.line, this.warnings, why);
  }

  update(race: Race): void {
    const { status } = race;
    if (status === undefined) return;
    const line = race.setup.config.surface !== "" ? this.down : race.each === 1 ? this.sides : this.leader;
    say(this.line, line.call(this, race, status.runners));
    say(this.reason, this.why(race));
    const bad = status.runners
      .map((judged, runner) => ({ judged, runner }))
      // Many that swing are one sentence.
      .filter(({ judged }) => judged.beside.length > 0 && (race.each === 1 || judged.code !== "swinging"));
    const backs = bad.map(({ judged }) => Number(judged.fields["back"]));
    const key = bad.map(({ judged, runner }, i) => `${runner}${judged.code}${backs[i] === race.step ? "" : backs[i]}`).join();
    if (key !== this.shown) {
      this.shown = key;
      const way = (step: number): HTMLElement =>
        button(this.page.words.say("story.back", { step }), () => this.page.go(step), { class: "text" });
      this.warnings.replaceChildren(...backs.map((back) => el("li", {}, el("span", {}), ...(back === race.step ? [] : [way(back)]))));
    }
    // The numbers go on while the way back stays to be pressed.
    bad.forEach(({ judged, runner }, i) =>
      say(this.warnings.children[i]?.firstChild as HTMLElement, `${this.name(race, runner)}: ${this.page.words.outcome(judged)} `),
    );
  }

  private name(race: Race, runner: number): string {
    const { optimizer, loss } = race.setup.runners[runner] ?? { optimizer: "", loss: "" };
    const { surface, loss: losses } = race.setup.config;
    if (race.each === 1 && surface === "") return short(loss);
    return this.page.words.title("optimizers", optimizer) + (losses.length > 1 ? ` · ${short(loss)}` : "");
  }

  /** One optimizer: a phrase for every loss. */
  private sides(race: Race, runners: Judgement[]): string {
    const { words } = this.page;
    const phrases = runners.map((judged, runner) => this.alone(judged, this.name(race, runner), "story.astray"));
    const [one = "", two = ""] = phrases;
    const [a, b] = race.setup.config.loss.map(short);
    const wrong = surelyWrong(race) ? "_wrong" : "";
    if (race.step === 0) return words.say(b === undefined ? "story.begin_one" : `story.begin_two${wrong}`, { a, b });
    return b === undefined
      ? words.say("story.one", { a, one, step: race.step })
      : words.say(`story.two${wrong}`, { a, b, one, two, step: race.step });
  }

  /** How a runner does; one gone astray was lower before, by numbers that can be told apart, or is what it is called. */
  private alone({ beside, code, fields }: Judgement, name: string, astray: string): string {
    const { words } = this.page;
    const said = words.say(`judged.${code}`, { ...fields, name });
    if (beside.length === 0) return said;
    const [now, best] = [Number(fields["loss"]), Number(fields["best"])].map((loss) => general(loss, 3));
    return now === best ? `${name}: ${said}.` : words.say(astray, { ...fields, name });
  }

  /** A race: who learned first, whose loss is lowest. */
  private leader(race: Race, runners: Judgement[]): string {
    const { words } = this.page;
    const now = race.now;
    if (now === undefined || race.step === 0) return words.say("story.begin_race", { count: runners.length });
    const { best, first } = ahead(race, runners);
    const fields = { step: race.step, best: this.name(race, best), loss: now.loss(best) };
    const learned = runners[first]?.learned;
    if (learned == null) return words.say("story.race", fields);
    return words.say("story.race_learned", { ...fields, first: this.name(race, first), learned });
  }

  /** A surface: who came to its lowest value first, who is lowest now, and who is held up, and where. */
  private down(race: Race, runners: Judgement[]): string {
    const { words } = this.page;
    const { now, step, setup: { config: { surface, start: [x, y] } } } = race;
    if (now === undefined || step === 0) return words.say("surface.begin", { title: words.title("losses", surface), count: runners.length, x, y });
    const [only] = runners;
    if (runners.length === 1 && only !== undefined) {
      return words.say("story.one", { step, one: this.alone(only, this.called(race, 0), "surface.astray") });
    }
    const { best } = ahead(race, runners);
    const reached = Math.min(...runners.map((one) => one.reached ?? Infinity));
    const first = this.called(race, runners.findIndex((one) => one.reached === reached));
    const fields = { step, reached, first, best: this.called(race, best), above: runners[best]?.fields["above"] };
    const held = ["escaped", "saddle", "trapped", "flat", "swinging"].flatMap((code) => {
      const names = runners.flatMap((one, runner) => (one.code === code ? [this.called(race, runner)] : [])).join(", ");
      return names === "" ? [] : [words.say(`surface.${code}`, { names })];
    });
    return [words.say(reached < Infinity ? "surface.reached" : "surface.race", fields), ...held].join(" ");
  }

  private called(race: Race, runner: number): string {
    return this.page.words.short(race.setup.runners[runner]?.optimizer ?? "");
  }

  private why(race: Race): string {
    const { words } = this.page;
    const { begin, config } = race.setup;
    const [one, two] = begin;
    if (race.each === 1 && one !== undefined && two !== undefined) {
      const [a, b] = config.loss.map(short);
      const ratio = one.gradient_norm / two.gradient_norm;
      const fields = { a, b, one: one.gradient_norm, two: two.gradient_norm, ratio, accuracy: one.accuracy };
      return words.say(config.loss.join() === "nll,mse" && surelyWrong(race) ? "story.why_nll_mse" : "story.why_two", fields);
    }
    if (race.each === 1 && config.surface === "") {
      const [loss = "nll"] = config.loss;
      return words.of(`losses.${loss}.idea`) ?? "";
    }
    // The one of whom the sentence above speaks.
    const { best, first } = ahead(race, race.status?.runners ?? []);
    const name = race.setup.runners[race.step === 0 ? race.shown(0) : first < 0 ? best : first]?.optimizer ?? "adam";
    return words.of(`optimizers.${name}.idea`) ?? "";
  }
}

/** What is said of a runner that has loss and accuracy. */
const GOOD: readonly string[] = ["learned", "converged"];

/** Whose loss is lowest, and who learned first; -1 if nobody did. Right points with a loss far above are not enough. */
function ahead(race: Race, runners: readonly Judgement[]): { best: number; first: number } {
  let [best, first] = [0, -1];
  runners.forEach((judged, i) => {
    if ((race.now?.loss(i) ?? Infinity) < (race.now?.loss(best) ?? Infinity)) best = i;
    const before = runners[first]?.learned ?? Infinity;
    if (judged.learned !== null && GOOD.includes(judged.code) && judged.learned < before) first = i;
  });
  return { best, first };
}

/** Whether the start has most points wrong, with weights large enough to be sure of it. */
function surelyWrong({ setup: { begin, config } }: Race): boolean {
  return (begin[0]?.accuracy ?? 1) < 0.25 && Math.hypot(...config.start) >= 3;
}
