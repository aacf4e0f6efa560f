/** A file that somebody chooses, or drops onto the page: a table or a lesson, as its text tells. */

import { chooseColumns, leavesChoice } from "./columns";
import type { Live } from "./context";
import { button, el } from "./dom";
import type { ColumnChoice } from "./session/csv";
import { pointsOf, readCsv, suggestColumns } from "./session/csv";
import { featureName } from "./session/link_words";
import { textOf } from "./session/csv_text";
import { Refusal } from "./session/refusal";

/** A button that asks for a file of such names; its input comes behind it. */
export function fileButton(page: Live, label: string, accept: string, attributes: Record<string, string> = {}): [HTMLElement, HTMLElement] {
  const input = el("input", {
    type: "file",
    accept,
    class: "hidden",
    "aria-label": label,
    tabindex: "-1",
    change: () => {
      void page.upload(input.files);
      input.value = "";
    },
  });
  return [button(label, () => input.click(), attributes), input];
}

/** A file may be dropped anywhere. */
export function listenToDrops(page: Live): void {
  const hear = (name: "dragover" | "drop", act: (files: FileList) => void): void =>
    document.addEventListener(name, (event) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      act(event.dataTransfer.files);
    });
  hear("dragover", () => undefined);
  hear("drop", (files) => void page.upload(files));
}

/** The bytes of the only one of these files, and whether they are a lesson's. Throws a Refusal. */
export async function fileOf(files: FileList): Promise<{ name: string; bytes: Uint8Array; lesson: string | undefined }> {
  const [file] = files;
  if (files.length > 1 || file === undefined) throw new Refusal("playground.csv.several", { count: files.length });
  // A folder looks like a file until it is read.
  const bytes = new Uint8Array(await file.arrayBuffer().catch(() => new ArrayBuffer(1)));
  const text = textOf(bytes);
  return { name: file.name, bytes, lesson: isLesson(text, file.name) ? text : undefined };
}

/** JSON, or what looks like it; a table may begin with a bracket too. */
function isLesson(text: string, name: string): boolean {
  if (/\.json$/i.test(name) || /^\s*\{\s*"/.test(text)) return true;
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

/** The points of a table, of columns that are asked for where there is a choice. Throws a Refusal. */
export function openTable(page: Live, bytes: Uint8Array, name: string): void {
  const { words } = page;
  const table = readCsv(bytes, name);
  const take = (choice: ColumnChoice): void => {
    const { points, said } = pointsOf(table, choice);
    if (!page.configure({ data: "own", points, names: [choice.x1, choice.x2].map(featureName) })) return;
    page.notify(said.map(({ key, fields }) => words.of(key, fields) ?? key).join(" "));
  };
  if (leavesChoice(table)) chooseColumns(words, table, take);
  else take(suggestColumns(table));
}
