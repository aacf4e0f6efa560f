/** What the two features are: the data's own names, where letters alone would stand. */

import type { Config } from "./protocol";
import type { Words } from "./words";

type Named = Pick<Config, "data" | "names">;

/** What x1 and x2 are called, with their units: by the data set, or by whoever brought the points; else nothing. */
export function featureNames({ data, names }: Named, words: Words): string[] {
  return data === "own" ? names : ["x1", "x2"].flatMap((x) => words.of(`playground.data.${data}.${x}`) ?? []);
}

/** The same without units and what is taken from them. */
export function bareNames(config: Named, words: Words): string[] {
  const names = featureNames(config, words);
  return config.data === "own" ? names : names.map((name) => name.split(" - ")[0] ?? "");
}
