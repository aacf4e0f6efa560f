import type { Fault } from "../protocol";

/** What is wrong with a link, a file or a number, by its code; `faultSentence` says it in a language. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly fields: Record<string, string | number | Fault> = {},
  ) {
    super(code);
  }
}
