/** What a page that trains says beside the numbers of its table: names of features, and the points held back. */

import type { Page } from "./context";
import { bareNames } from "./feature_names";
import type { TableNotes } from "./table";
import { general } from "./words";

/** Between a number and its twin: a line may end behind it. */
const OVER = "\u00a0/ ";

export class PageNotes implements TableNotes {
  constructor(private readonly page: Page) {}

  /** Which feature each weight belongs to. */
  hint(column: string): string {
    const { race, words } = this.page;
    const names = column === "weights" && race !== undefined ? bareNames(race.setup.config, words) : [];
    return names.map((name, i) => `; w${"₁₂"[i]}: ${name}`).join("");
  }

  /** Loss and accuracy on the points that are held back. */
  cell(column: string, runner?: number): string {
    const { race, words } = this.page;
    const place = ["loss", "accuracy"].indexOf(column);
    if (race?.setup.test === undefined || place < 0) return "";
    if (runner === undefined) return `${OVER}${words.say("table.test")}`;
    const value = race.now?.test?.[runner]?.[place] ?? NaN;
    return `${OVER}${place === 0 ? general(value, 4) : `${(100 * value).toFixed(1)}%`}`;
  }
}
