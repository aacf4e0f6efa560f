/** Pages and files to keep: a replay that plays from disk, and run files that Python reads. */

import type { Language } from "../words";

export type { RecordedRace, RecordedRun } from "./recorded";
export type { ReplayParts } from "./replay_page";
export { replayPage } from "./replay_page";
export { runFile } from "./run_file";

/** The command that makes the report of a file, in a language. */
export function reportCommand(file: string, language: Language = "en"): string {
  return `soloneuron report ${file}${language === "en" ? "" : ` --lang ${language}`}`;
}
