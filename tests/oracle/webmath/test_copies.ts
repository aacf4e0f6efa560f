import { commandText, pythonCode } from "@page/session/copy";
import { readLink } from "@page/session/link";

export const answers = {
  python: ([link, step, runner]: [string, number, number]) => pythonCode(readLink(link), step, runner),
  /** Of a config with some words that no link has. */
  other: ([link, words]: [string, object]) => pythonCode({ ...readLink(link), ...words }, 3, 0).text,
  command: ([link, step]: [string, number]) => commandText(readLink(link), step),
};
