/** What is wrong with a link, a file or a number, by its code; `Words.fault` says it in a language. */
export class Refusal extends Error {
  readonly code: string;

  constructor(
    fault: string,
    readonly fields: Record<string, string | number> = {},
  ) {
    super(fault);
    this.code = `playground.${fault}`;
  }
}
