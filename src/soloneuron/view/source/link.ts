/** A race as an address: the words of a link, as the server reads them. */

import type { Config } from "./protocol";
import type { Race } from "./race";

/** A config as the words of a link. */
export function linkOf(config: Config): string {
  const words: [string, string][] = [
    ["data", config.data],
    ["loss", config.loss.join(",")],
    ["optimizers", config.optimizers.map(([name, rate]) => `${name}:${rate}`).join(",")],
    ["batch", config.batch],
    ["start", config.start.map((weight) => String(place(weight))).join(",")],
    ["bias", config.bias ? "1" : "0"],
    ["l2", String(config.l2)],
    ["seed", String(config.seed)],
    ["lesson", config.lesson],
  ];
  if (config.data === "own") {
    words.push(["points", config.points.map(([x, y, label]) => `${place(x)},${place(y)},${label}`).join(";")]);
  }
  return words.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

const place = (x: number): number => Number(x.toFixed(3));

/** Show the address of a setup in the browser. */
export function visit(link: string): void {
  history.replaceState(null, "", `${location.pathname}${query(link)}${location.hash}`);
}

/** The address that leads to a race as it stands, at its step. */
export function addressOf(race: Race | undefined): string {
  const { setup, step = 0 } = race ?? {};
  const words = (setup?.link ?? "").split("&").filter((word) => word !== "" && !word.startsWith("step="));
  if (step > 0) words.push(`step=${step}`);
  return `${location.origin}${location.pathname}${query(words.join("&"))}`;
}

const query = (link: string): string => (link === "" ? "" : `?${link}`);
