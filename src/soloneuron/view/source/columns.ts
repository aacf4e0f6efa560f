/** The dialog in which the columns of somebody's table are chosen. */

import { button, el, say, select } from "./dom";
import { open } from "./help";
import type { ColumnChoice, CsvTable } from "./session/csv";
import { featureColumns, labelColumns, oneOf, suggestColumns } from "./session/csv";
import { Refusal } from "./session/link";
import type { Words } from "./words";
import { faultSentence } from "./words";

/** Whether a table leaves anything to choose: more than two features and a label, or more than two classes. */
export function leavesChoice(table: CsvTable): boolean {
  const { label } = suggestColumns(table);
  const values = table.columns.find(({ name }) => name === label)?.values ?? [];
  return table.columns.length > 3 || values.length > 2;
}

/** Ask for the columns, those that are suggested first; what cannot be taken is told, and the dialog stays. */
export function chooseColumns(words: Words, table: CsvTable, take: (choice: ColumnChoice) => void): void {
  const choice = suggestColumns(table);
  const fields = el("div", { class: "row columns" });
  const fault = el("p", { role: "alert", class: "fault" });
  const use = button(words.say("csv.use"), () => {
    try {
      take(choice);
      dialog.close();
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      say(fault, faultSentence(words, refused));
    }
  }, { autofocus: true });
  const build = (): void => {
    const features = featureColumns(table).map(({ name }) => name).filter((name) => name !== choice.label);
    const labels = labelColumns(table).map(({ name }) => name);
    const values = table.columns.find(({ name }) => name === choice.label)?.values ?? [];
    const field = (part: keyof ColumnChoice, options: readonly string[]): HTMLElement => {
      const pairs = options.map((option): [string, string] => [option, option]);
      return select(words.say(`csv.${part}`), pairs, choice[part], (value) => chosen(part, value), { "data-focus": `csv-${part}` });
    };
    fields.replaceChildren(field("x1", features), field("x2", features), field("label", labels), field("one", values));
  };
  const chosen = (part: keyof ColumnChoice, value: string): void => {
    // Two axes of one name change places.
    if (part === "x1" && value === choice.x2) choice.x2 = choice.x1;
    if (part === "x2" && value === choice.x1) choice.x1 = choice.x2;
    if (part === "label") yieldAxis(table, choice, value);
    choice[part] = value;
    const label = table.columns.find(({ name }) => name === choice.label);
    if (part === "label" && label !== undefined) choice.one = oneOf(label, table.decimalComma);
    say(fault, "");
    build();
    fields.querySelector<HTMLElement>(`[data-focus="csv-${part}"]`)?.focus();
  };
  build();
  const dialog = open(words, words.say("csv.title", { file: table.file }), fields, fault, use);
}

/** An axis that becomes the label gives its place to another column of numbers. */
function yieldAxis(table: CsvTable, choice: ColumnChoice, label: string): void {
  const free = featureColumns(table).find(({ name }) => ![choice.x1, choice.x2, label].includes(name))?.name;
  if (label === choice.x1) choice.x1 = free ?? choice.x1;
  if (label === choice.x2) choice.x2 = free ?? choice.x2;
}
