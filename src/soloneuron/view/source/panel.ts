/** The setup: data, loss, batch, start, and the optimizers with their rates. */

import type { Live } from "./context";
import { button, el, roving, select } from "./dom";
import { LIMITS, RACERS, SURFACE_RATES } from "./generated/catalogue";
import { SURFACE_FORMULAS } from "./generated/surfaces";
import { NumberField } from "./number_field";
import { PointEntry } from "./points";
import { RateRow } from "./rates";
import type { Config, Entry, Status } from "./protocol";
import { fixedIn, isFixed, lockControls } from "./restrictions";
import { firstRate } from "./session/link_words";
import type { SurfaceFormula } from "./training/types";
import { fileButton } from "./upload";
import { short } from "./words";

/** The height of a surface as people write it: squares as such, no signs of products, shared parts in their places. */
function formulaOf(surface: string): string {
  const { shared, value } = SURFACE_FORMULAS[surface] as SurfaceFormula;
  const plain = (line: string): string =>
    line.replace(/(\b\w+) \* \1\b/g, "$1²").replaceAll(" * ", " ").replaceAll("np.", "").replace(/(\.\d{3})\d+/g, "$1");
  return shared.map(plain).reduceRight((said, line) => {
    const [letter = "", part = ""] = line.split(" = ");
    return said.replace(RegExp(`\\b${letter}\\b`, "g"), `(${part})`);
  }, plain(value));
}

/** The rows that a surface took the place of, and all that went with them. */
let rows: Partial<Config> = {};

/** Who has raced, with its numbers. */
const former = new Map<string, Entry>();

export class Panel {
  readonly element = el("section", { class: "panel" });
  private rows: RateRow[] = [];
  private readonly entry: PointEntry;

  constructor(private readonly page: Live) {
    this.entry = new PointEntry(page);
  }

  /** Build the controls anew for the race's config; the focus stays where it was. */
  build(): void {
    const { race } = this.page;
    if (race === undefined) return;
    const active = document.activeElement as HTMLElement | null;
    const focus = active?.closest<HTMLElement>("[data-focus]")?.dataset["focus"];
    this.rows = race.setup.config.optimizers.map((_, i) => new RateRow(this.page, race, i));
    const { config } = race.setup;
    const { held } = this.page.engine;
    if (held?.surface === "") rows = held;
    for (const one of config.optimizers) former.set(one[0], one);
    this.element.replaceChildren(...(config.surface === "" ? [this.data(), this.losses()] : [this.surface(config.surface)]), this.optimizers(), this.start());
    if (race.status !== undefined) this.update(race.status);
    lockControls();
    (focus === undefined ? active : this.element.querySelector<HTMLElement>(`[data-focus="${focus}"]`))?.focus();
  }

  update(status: Status): void {
    this.rows.forEach((row, i) => row.update(status.runners[i]));
  }

  private data(): HTMLElement {
    const { page } = this;
    const { words, menus } = page;
    const config = page.race?.setup.config;
    const names = menus.data.map((name): [string, string] => [name, words.say(`data.${name}.title`)]);
    const chosen = config?.data ?? "";
    const offered = names.filter(([name]) => name !== "own" || chosen === "own");
    const shares = menuOf([0, 0.2, 0.3, 0.5], config?.test ?? 0).map(([one]): [string, string] => [one, `${Math.round(100 * Number(one))}%`]);
    const [open, file] = fileButton(page, words.say("panel.csv"), ".csv,.tsv,.txt,text/csv,text/plain", { "data-focus": "csv" });
    const noises = menuOf([0, 0.1, 0.25, 0.5, 1], config?.noise ?? 0);
    return group(
      words.say("panel.data_title"),
      this.objective(false, open),
      file,
      this.choice("data", "panel.data", offered, chosen, (data) => page.configure({ data }), this.fixes({ points: [] })),
      el("p", { class: "hint" }, words.say(`data.${chosen}.idea`)),
      this.choice("noise", "panel.noise", noises, String(config?.noise ?? 0), (size) => page.configure({ noise: Number(size) })),
      this.choice("test", "panel.test", shares, String(config?.test ?? 0), (share) => page.configure({ test: Number(share) })),
      this.terms(),
      this.entry.element,
    );
  }

  /** Rows or a surface, and what else gives rows: one stop of the Tab key. */
  private objective(bare: boolean, ...more: HTMLElement[]): HTMLElement {
    const { page } = this;
    const side = (name: string, pressed: boolean, change: Partial<Config>): HTMLElement =>
      button(page.words.say(`surface.${name}`), () => pressed || page.configure(change), {
        "aria-pressed": String(pressed), "data-focus": `surface-${name}`, disabled: !pressed && this.fixes(change),
      });
    const { surface, step, lesson, changes, ...before } = { ...rows };
    const sides = [side("rows", !bare, { ...before, surface: "" }), side("one", bare, { surface: "rosenbrock" })];
    return el("div", { class: "row kinds" }, ...roving(...sides, ...more));
  }

  private surface(chosen: string): HTMLElement {
    const { page } = this;
    const { words } = page;
    const names = Object.keys(SURFACE_RATES).map((name): [string, string] => [name, words.title("losses", name)]);
    // Who races stays, at rates that suit it.
    const change = (surface: string): Partial<Config> => {
      const optimizers = (page.race?.wanted.optimizers ?? []).map(([name]): Entry => [name, firstRate(name, surface)]);
      return { surface, optimizers };
    };
    const fixed = names.some(([name]) => name !== chosen && this.fixes(change(name)));
    return group(
      words.say("surface.one"),
      this.objective(true),
      this.choice("surface", "surface.one", names, chosen, (name) => page.configure(change(name)), fixed),
      el("p", { class: "hint" }, formulaOf(chosen)),
    );
  }

  /** What else the neuron is given of a point. */
  private terms(): HTMLElement {
    const { words, menus, race } = this.page;
    const turn = (name: string): void => {
      const { terms = [] } = this.page.race?.wanted ?? {};
      this.page.configure({ terms: Object.keys(menus.terms).filter((one) => (one === name) !== terms.includes(one)) });
    };
    const chips = Object.entries(menus.terms).map(([name, title]) =>
      button(title, () => turn(name), {
        class: "chip", "aria-pressed": String(race?.setup.config.terms.includes(name)), "data-focus": `term-${name}`,
      }),
    );
    const label = words.say("panel.terms");
    const bar = el("div", { class: "chips", role: "toolbar", "aria-label": label }, ...roving(...chips));
    return el("div", { class: "field terms" }, el("p", { class: "hint" }, label), bar);
  }

  private losses(): HTMLElement {
    const { page } = this;
    const { words, menus, race } = page;
    const { loss: [first = "nll", second = ""] = [], batch = "all", l2 = 0 } = race?.setup.config ?? {};
    const names = menus.loss.map((name): [string, string] => [name, short(name)]);
    const others: [string, string][] = [["", words.say("panel.nothing")], ...names];
    const change = (place: 0 | 1, name: string): void => {
      const [one = "", two = ""] = Object.assign([...(page.race?.wanted.loss ?? [first, second])], { [place]: name });
      page.configure({ loss: two === "" || two === one ? [one] : [one, two] });
    };
    const batches = menus.batch.map((size): [string, string] => [size, size === "all" ? words.say("panel.all") : size]);
    return group(
      words.say("panel.loss_title"),
      el(
        "div",
        { class: "pair" },
        this.choice("loss0", "panel.loss", names, first, (name) => change(0, name)),
        this.choice("loss1", "panel.against", others, second, (name) => change(1, name)),
      ),
      this.choice("batch", "panel.batch", batches, batch, (size) => page.configure({ batch: size })),
      this.choice("l2", "penalty.title", menuOf([0, 0.001, 0.01, 0.1], l2), String(l2), (size) => page.configure({ l2: Number(size) })),
    );
  }

  /** A menu that keeps its focus when the controls are built anew. */
  private choice(
    focus: string,
    label: string,
    options: [string, string][],
    value: string,
    change: (value: string) => void,
    disabled = false,
  ): HTMLElement {
    return select(this.page.words.say(label), options, value, change, { "data-focus": focus, disabled });
  }

  /** Whether a change would move something that is locked. */
  private fixes(changes: Partial<Config>): boolean {
    const { race } = this.page;
    return race !== undefined && fixedIn(changes, race.wanted) !== undefined;
  }

  private optimizers(): HTMLElement {
    const { page } = this;
    const { words, menus, race } = page;
    const racing = race?.setup.config.optimizers ?? [];
    const names = new Set(racing.map(([name]) => name));
    const chips = Object.keys(menus.optimizers).map((name, i) =>
      button(words.short(name), () => toggle(page, name), {
        class: "chip",
        "aria-pressed": String(names.has(name)),
        title: words.title("optimizers", name) + (i < 9 ? ` (${i + 1})` : ""),
        "data-focus": `chip-${name}`,
      }),
    );
    const all = button(words.say("panel.race_all"), () => page.configure(best(page)), { class: "text", "data-focus": "all", disabled: this.fixes(best(page)) });
    return group(
      words.say("panel.optimizers_title"),
      el("div", { class: "chips", role: "toolbar", "aria-label": words.say("panel.optimizers_title") }, ...roving(...chips, all)),
      ...this.rows.map((row) => row.element),
    );
  }

  private start(): HTMLElement {
    const { page } = this;
    const { words, race } = page;
    const start = race?.setup.config.start ?? [0, 0];
    const bare = race?.setup.config.surface !== "";
    const weight = (i: 0 | 1): HTMLElement => {
      const label = bare ? words.say("panel.coordinate", { name: "xy"[i] }) : words.say("panel.weight", { name: i === 0 ? "w₁" : "w₂" });
      const attributes = { "aria-label": label, "data-focus": `start${i}` };
      const change = (value: number): void => {
        const [one, two] = page.race?.wanted.start ?? start;
        page.configure({ start: i === 0 ? [value, two] : [one, value] });
      };
      return new NumberField(page, ["start", -LIMITS.farthest, LIMITS.farthest], start[i], attributes, change).box;
    };
    const bias = el("input", {
      type: "checkbox",
      checked: race?.setup.config.bias ?? false,
      "data-focus": "bias",
      change: () => page.configure({ bias: bias.checked }),
    });
    return group(
      words.say("panel.start_title"),
      el("div", { class: "row" }, weight(0), weight(1)),
      el("p", { class: "hint" }, words.say("panel.start_hint")),
      bare ? null : el("label", { class: "check" }, bias, words.say("panel.bias")),
    );
  }
}

/** Let an optimizer join or leave, by its place in the menu. */
export function join(page: Live, place: number): void {
  const name = Object.keys(page.menus.optimizers)[place];
  if (name !== undefined) toggle(page, name);
}

/** One who comes, at its first rate or at its former one. */
function entry(page: Live, name: string): Entry {
  return (isFixed("rate") ? former.get(name) : undefined) ?? [name, page.menus.optimizers[name] ?? 0.1];
}

function toggle(page: Live, name: string): void {
  const racing = page.race?.wanted.optimizers ?? [];
  const others = racing.filter(([other]) => other !== name);
  if (others.length < racing.length && others.length === 0) return page.notify(page.words.say("panel.last_one"));
  page.configure({ optimizers: others.length < racing.length ? others : [...racing, entry(page, name)] });
}

/** The best known six against each other, on the first loss. */
function best(page: Live): Partial<Config> {
  const { start = [-6, -6], loss = ["nll"] } = page.race?.wanted ?? {};
  return { optimizers: RACERS.map((name) => entry(page, name)), start, loss: loss.slice(0, 1) };
}

/** Usual sizes to choose from, and the present one. */
function menuOf(usual: number[], size: number): [string, string][] {
  const sizes = [...new Set([...usual, size])].sort((a, b) => a - b);
  return sizes.map((one): [string, string] => [String(one), String(one)]);
}

function group(title: string, ...children: (Node | null)[]): HTMLElement {
  return el("div", { class: "group" }, el("h2", {}, title), ...children);
}
