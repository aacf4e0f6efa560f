/** Inside one step: the graph of one example filled node by node, the rule in its letters, hand-written code. */

import type { Live } from "./context";
import { button, calm, el, say, select, sign } from "./dom";
import { bareNames } from "./feature_names";
import { about } from "./help";
import { icon, redraw } from "./icons";
import { NumberField } from "./number_field";
import { general, short } from "./words";

type Numbers = (number | null)[];

/** What is inside a step. */
export interface UpdateDetail {
  runner: number;
  step: number;
  coming: boolean;
  lost: boolean;
  elsewhere: boolean;
  row: number;
  size: number;
  number: number;
  names: string[];
  svg: string;
  /** Of every node its name, and its value as long as nothing is computed. */
  nodes: [string, string][];
  stages: Stage[];
  source: string;
  rule: { name: string; formula: string; filled: string[]; value: Numbers }[];
  theta: Numbers;
  gradient: Numbers;
  example: Numbers;
  penalty: Numbers | null;
}

/** One node computed, or its gradient passed on. */
interface Stage {
  node: number;
  say: string;
  fields: Record<string, string | number>;
  parts: Record<string, string>[];
  lines: number[];
  /** Node, 0 for its value or 1 for its gradient, text. */
  fill: [number, 0 | 1, string][];
}

/** Milliseconds a node when the walk plays. */
const PACE = 800;

export class Drawer {
  /** What stands in the drawer while it is open. */
  private readonly parts: HTMLElement[];
  private readonly title = el("h2");
  private readonly chooser = el("div", { class: "row" });
  private readonly note = el("p", { class: "hint" });
  private readonly told = el("p", { class: "told", role: "status" });
  private readonly graph = el("div", { class: "graph" });
  private readonly code = el("pre");
  private readonly rule = el("div", { class: "race rule" });
  private readonly play = el("button", { type: "button", class: "sign", click: () => this.walk() });
  private detail: UpdateDetail | undefined;
  private stage = 0;
  private runner = 0;
  private row = 0;
  private timer = 0;
  private opener: Element | null = null;

  constructor(
    private readonly page: Live,
    private readonly element: HTMLElement,
  ) {
    const { words } = page;
    const act = (name: string, by: number, shape: string): HTMLButtonElement =>
      sign(icon(shape), words.say(`inside.${name}`), () => this.go(this.stage + by), { class: "sign" });
    const keys = [act("first", -Infinity, "reset"), act("back", -1, "back"), this.play, act("forward", 1, "step")];
    element.addEventListener("keydown", (event) => this.key(event));
    this.parts = [
      el("div", { class: "head" }, this.title, this.chooser, button(words.say("help.close"), () => page.command("inside"), { class: "text" })),
      this.note,
      el("div", { class: "head" }, el("div", { class: "keys" }, ...keys), this.told),
      this.graph,
      el("div", { class: "sides" }, this.rule, this.code),
    ];
    for (const name of ["graph", "code", "rule"] as const) {
      this[name].setAttribute("aria-label", words.say(`inside.${name}`));
      this[name].setAttribute("role", "region");
      this[name].tabIndex = 0;
    }
    this.stop();
  }

  /** Its section was shown or hidden; shown, it takes the focus if it is meant to. */
  toggled(focus = true): void {
    const { open } = this;
    this.element.replaceChildren(...(open ? this.parts : []));
    this.stop();
    if (!open) return (this.opener as HTMLElement | null)?.focus();
    this.opener = document.activeElement;
    this.runner = this.page.race?.shown(0) ?? 0;
    this.stage = 0;
    if (this.page.playing) this.page.command("play");
    this.update();
    if (focus) this.element.focus();
  }

  /** Ask what is inside the step that is shown; while the race plays, nothing is. */
  update(): void {
    const { race, playing } = this.page;
    if (race === undefined || playing || !this.open) return;
    const { runners, data, config } = race.setup;
    this.runner = Math.min(this.runner, runners.length - 1);
    // The last batch of an epoch may be short.
    const rows = data.y.length || 1;
    const size = Math.min(rows, Number(config.batch) || rows);
    const begin = (Math.max(0, race.step - 1) % Math.ceil(rows / size)) * size;
    this.row = Math.max(0, Math.min(this.row, size - 1, rows - begin - 1));
    this.page.inspect(this.runner, this.row);
  }

  /** What the engine has found. */
  show(detail: UpdateDetail): void {
    const { race, words } = this.page;
    const runner = race?.setup.runners[detail.runner];
    if (race === undefined || runner === undefined || !this.open) return;
    this.detail = detail;
    this.row = detail.row;
    const name = words.title("optimizers", runner.optimizer);
    const fields = { step: detail.step, size: detail.size, number: detail.number + 1, name, loss: race.setup.config.surface === "" ? short(runner.loss) : words.title("losses", runner.loss) };
    const word = (key: string): string => words.say(`inside.${key}`, fields);
    say(this.title, word(detail.coming ? "coming" : "heading"));
    // On a surface there are no examples.
    const bare = detail.stages.length === 0;
    for (const part of [this.graph, this.told.parentElement]) part?.toggleAttribute("hidden", bare);
    say(this.note, [!bare && (detail.size > 1 ? "mean" : "alone"), detail.elsewhere && "elsewhere", detail.lost && "lost"].map((key) => (key === false ? "" : word(key))).join(" "));

    const names = race.setup.runners.map(({ optimizer, loss }, i): [string, string] => [String(i), `${words.short(optimizer)} · ${short(loss)}`]);
    const runners = select(word("runner"), names, String(detail.runner), (value) => {
      this.runner = Number(value);
      this.update();
    });
    const { box: row } = new NumberField(this.page, [word("example"), 1, detail.size], detail.row + 1, {}, (value) => {
      this.row = Math.round(value) - 1;
      this.update();
    });
    const focus = document.activeElement?.tagName;
    const inside = this.chooser.contains(document.activeElement);
    this.chooser.replaceChildren(runners);
    if (!bare) this.chooser.append(el("label", { class: "field" }, el("span", {}, word("example")), row, el("span", {}, word("of"))));
    if (inside) this.chooser.querySelector<HTMLElement>(focus ?? "input")?.focus();

    this.graph.innerHTML = detail.svg;
    this.code.replaceChildren(...detail.source.trimEnd().split("\n").map((line) => el("span", {}, `${line}\n`)));
    const line = (letter: string, formula: string, value: Numbers, filled: string[] = []): HTMLElement => {
      const cells = value.map((number, i) =>
        el("td", {}, el("small", {}, filled[i] ?? ""), el("b", {}, number === null ? "∞" : general(number, 6))),
      );
      return el("tr", {}, el("th", { scope: "row" }, letter), el("td", {}, formula), ...cells);
    };
    const called = bareNames(race.setup.config, words);
    const letters = detail.names.map((letter, i) => [letter, called[i]].filter(Boolean).join(": "));
    const head = [word("letter"), word("formula"), ...letters].map((title) => el("th", { scope: "col" }, title));
    this.rule.replaceChildren(
      el("h3", {}, word("rule_of"), " ", about(words, runner.optimizer)),
      el(
        "table",
        {},
        el("thead", {}, el("tr", {}, ...head)),
        el(
          "tbody",
          {},
          line("θ", word("before"), detail.theta),
          bare ? null : line("gᵢ", word("example_gradient"), detail.example),
          detail.penalty && line("∇R", word("penalty_gradient"), detail.penalty),
          line("g", word(bare ? "slope" : "step_gradient"), detail.gradient),
        ),
        el("tbody", { class: "lines" }, ...detail.rule.map(({ name, formula, value, filled }) => line(name, formula, value, filled))),
      ),
    );
    this.go(this.stage);
  }

  private get open(): boolean {
    return !this.element.hidden;
  }

  private get last(): number {
    return this.detail?.stages.length ?? 0;
  }

  private walk(): void {
    if (this.timer !== 0) return this.stop();
    if (calm()) return this.go(this.last);
    this.go(this.stage >= this.last ? 0 : this.stage + 1);
    this.timer = window.setInterval(() => {
      this.go(this.stage + 1);
      if (this.stage >= this.last) this.stop();
    }, PACE);
    this.sign("pause");
  }

  private stop(): void {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.sign("play");
  }

  private sign(name: string): void {
    redraw(this.play, name, this.page.words.say(`inside.${name}`));
  }

  private key(event: KeyboardEvent): void {
    const to = { ArrowRight: this.stage + 1, ArrowLeft: this.stage - 1, Home: 0, End: Infinity }[event.key];
    if (event.key === "Escape") this.page.command("inside");
    else if (to === undefined || (event.target as Element).closest("input, select") !== null) return;
    else this.go(to);
    event.preventDefault();
    event.stopPropagation();
  }

  /** Fill the graph up to a stage, mark its lines, and say what has happened. */
  private go(stage: number): void {
    const { detail } = this;
    if (detail === undefined) return;
    const { words } = this.page;
    this.stage = Math.max(0, Math.min(stage, this.last));
    const done = detail.stages.slice(0, this.stage);
    const now = done[done.length - 1];
    const texts = detail.nodes.map(([, value]) => [value, ""]);
    for (const { fill } of done) for (const [node, place, text] of fill) texts[node]?.splice(place, 1, text);
    this.graph.querySelectorAll("g").forEach((box, i) => {
      const [name = ""] = detail.nodes[i] ?? [];
      const [value = "", gradient = ""] = texts[i] ?? [];
      const [first, second, operation] = box.querySelectorAll("text");
      if (first) first.textContent = name === "" ? value : `${name} = ${value}`;
      if (second) second.textContent = gradient && `∂ ${gradient}`;
      box.classList.toggle("lit", i === now?.node);
      if (i === now?.node) this.graph.scrollLeft = box.getBBox().x - this.graph.clientWidth / 2;
      box.setAttribute("aria-label", words.say("inside.node", { name: name || operation?.textContent, value, gradient: gradient || "–" }));
    });
    const lines = [...(this.code.children as HTMLCollectionOf<HTMLElement>)];
    lines.forEach((line, i) => line.classList.toggle("mark", now?.lines.includes(i) === true));
    const first = lines[now?.lines[0] ?? -1];
    if (first !== undefined) this.code.scrollTop = first.offsetTop - this.code.clientHeight / 2;
    const parts = now?.parts.map((part) => words.say("inside.part", part)).join("; ");
    const sentence = words.say(`inside.${now?.say ?? "begin"}`, { count: detail.stages[0]?.fields["n"], ...now?.fields, parts });
    say(this.told, parts && now?.lines.length === 0 ? `${sentence} ${words.say("inside.no_line")}` : sentence);
    this.element.dataset["left"] = String(this.last - this.stage);
  }
}
