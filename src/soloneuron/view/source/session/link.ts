/** A run as the words of a link: read strictly, written in one spelling. */

import type { Config } from "../protocol";

/** What is wrong with a link, a file or a number, by its code; the page says it in its language. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly fields: Record<string, string | number> = {},
  ) {
    super(code);
  }
}

/** What holds where a link is silent; in a lesson that is its first step. */
export function plainConfig(lesson = ""): Config {
  throw new Error(`not yet: ${lesson}`);
}

/** The config that a link asks for: the part of an address after `?`, or a whole address. Throws a Refusal. */
export function readLink(link: string): Config {
  throw new Error(`not yet: ${link}`);
}

/** The link of a config, without `?`; empty for the defaults. */
export function writeLink(config: Config): string {
  throw new Error(`not yet: ${config.data}`);
}

/** The config's link at a step. */
export function linkAt(config: Config, step: number): string {
  return writeLink({ ...config, step });
}
