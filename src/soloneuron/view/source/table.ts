/** The race in numbers. */

import type { Page } from "./context";
import { el, say } from "./dom";
import type { Frame } from "./protocol";
import type { Race } from "./race";
import { general, short } from "./words";

/** The numbers of a runner by the names of columns, as they are written. */
export type Cells = Record<string, string>;

/** What only a page that trains says beside the numbers. */
export interface TableNotes {
  /** In the place where a column is explained. */
  hint(column: string): string;
  /** Behind a number, or without a runner behind the column's name. */
  cell(column: string, runner?: number): string;
}

export class Table {
  readonly element = el("div", { class: "race", tabindex: "0", role: "region" });
  private cells: HTMLElement[][] = [];

  constructor(
    protected readonly page: Page,
    protected columns: readonly string[],
    private readonly notes: TableNotes = { hint: () => "", cell: () => "" },
  ) {}

  build(race: Race): void {
    const { words } = this.page;
    this.element.setAttribute("aria-label", words.say("table.title"));
    const two = race.setup.config.loss.length > 1;
    const head = el(
      "tr",
      {},
      ...["name", ...this.columns].map((name) =>
        el("th", { scope: "col", title: words.say(`table.${name}_hint`) + this.notes.hint(name) }, words.say(`table.${name}`) + this.notes.cell(name)),
      ),
    );
    this.cells = race.setup.runners.map(() => this.columns.map(() => el("td")));
    const rows = race.setup.runners.map((runner, i) => {
      const swatch = el("span", { class: "swatch" });
      swatch.style.setProperty("--color", race.color(i));
      const title = words.short(runner.optimizer) + (two ? ` · ${short(runner.loss)}` : "");
      return el("tr", {}, el("th", { scope: "row" }, swatch, title), ...(this.cells[i] ?? []));
    });
    const caption = el("caption", {}, words.say("table.caption"));
    this.element.replaceChildren(el("table", {}, caption, el("thead", {}, head), el("tbody", {}, ...rows)));
  }

  update(race: Race): void {
    const { now } = race;
    if (now === undefined) return;
    this.cells.forEach((row, runner) => {
      const numbers = this.numbers(race, now, runner);
      this.columns.forEach((name, i) => say(row[i] as HTMLElement, numbers[name] + this.notes.cell(name, runner)));
    });
  }

  protected numbers(race: Race, now: Frame, runner: number): Cells {
    const judged = race.status?.runners[runner];
    return {
      loss: general(now.loss(runner), 4),
      accuracy: `${(100 * now.accuracy(runner)).toFixed(1)}%`,
      gradient: general(now.gradient(runner), 3),
      learned: String(judged?.learned ?? "–"),
      reached: String(judged?.reached ?? "–"),
    };
  }
}
