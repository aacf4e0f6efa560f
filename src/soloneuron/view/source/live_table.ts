/** The race in numbers, on the live page: of rows, or of a surface, where the lowest runner is the first. */

import type { Frame } from "./protocol";
import type { Race } from "./race";
import type { Cells } from "./table";
import { Table } from "./table";
import { general, grouped } from "./words";

const ROWS = ["loss", "accuracy", "learned", "reached", "weights", "rows"];
const SURFACE = ["place", "height", "reached", "point", "rows"];

export class LiveTable extends Table {
  override build(race: Race): void {
    this.columns = race.setup.config.surface === "" ? ROWS : SURFACE;
    super.build(race);
  }

  protected override numbers(race: Race, now: Frame, runner: number): Cells {
    const own = now.loss(runner);
    const { terms } = race.setup.config;
    const names = terms.length > 0 ? ["x₁", "x₂", ...terms.map((name) => this.page.menus.terms[name])].map((name) => `·${name}`.replace(" ", "\u00a0")) : [];
    const weights = now.weights(runner).map((weight, i) => general(weight, 3) + (names[i] ?? "")).join(terms.length > 0 ? ", " : "  ");
    return {
      ...super.numbers(race, now, runner),
      weights,
      rows: grouped(now.rows(runner), this.page.words.language),
      place: String(1 + race.setup.runners.filter((_, other) => now.loss(other) < own).length),
      height: general(own, 4),
      point: weights,
    };
  }
}
