import { commandText, pythonCode } from "@page/session/copy";
import { readLink } from "@page/session/link";

export const answers = {
  python: ([link, step, runner]: [string, number, number]) => pythonCode(readLink(link), step, runner),
  command: ([link, step]: [string, number]) => commandText(readLink(link), step),
};
