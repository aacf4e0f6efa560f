/** The smallest parts of a link: a number, a whole number, one of some words; as Python's `link_fields` has them. */

import { LIMITS } from "../generated/catalogue";
import { Refusal } from "./refusal";

const NUMBER = /^[ \t]*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[ \t]*$/;

/** What came, as far as a sentence quotes it. */
export function quoted(text: string, most?: number): string {
  return cut(text, most) || '""';
}

/** The beginning of a text. */
export function cut(text: string, most = 40): string {
  return [...text].slice(0, most).join("");
}

/** A number between two bounds; -0 is 0. */
export function readNumber(text: string, name: string, least: number, most: number): number {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!(least <= value && value <= most)) {
    throw new Refusal("playground.number", { name, value: quoted(text), least: bound(least), most: bound(most) });
  }
  return value + 0;
}

/** A number as people type it: with a decimal comma, spaces, an exponent, or as a fraction. NaN if it is none. */
export function typedNumber(text: string): number {
  const [over = "", ...under] = text.replace(/\s/g, "").replaceAll(",", ".").replaceAll("\u2212", "-").split("/");
  if (under.length > 1 || [over, ...under].some((part) => !NUMBER.test(part))) return NaN;
  return Number(over) / Number(under[0] ?? 1);
}

/** A whole number from 0 on. */
export function readWhole(text: string, name: string, most: number): number {
  if (!/^[0-9]{1,10}$/.test(text) || Number(text) > most) throw new Refusal("playground.whole", { name, value: quoted(text), most });
  return Number(text);
}

/** One of some words. */
export function readChoice(text: string, name: string, choices: readonly string[]): string {
  if (!choices.includes(text)) throw new Refusal("playground.choice", { name, value: quoted(text), choices: choices.join(", ") });
  return text;
}

/** A coordinate with as many decimals as a link keeps. */
export function readPlace(text: string, name: string): number {
  return placed(readNumber(text, name, -LIMITS.farthest, LIMITS.farthest));
}

/** A number to three decimals; between two of them the even one, as Python rounds. */
export function placed(value: number): number {
  const scaled = value * 1000;
  // Only sixteenths lie exactly between two thousandths, and there `scaled` is exact.
  const between = Number.isInteger(value * 16) && Math.abs(scaled % 1) === 0.5;
  return (between ? (2 * Math.round(scaled / 2)) / 1000 : Number(value.toFixed(LIMITS.decimals))) + 0;
}

/** The shortest spelling of a number that reads back as the same number, as Python spells it. */
export function spelled(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e16) ? exponential(value) : String(value);
}

/** A bound as Python's format "g" writes it. */
export function bound(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? exponential(value) : String(value);
}

/** Two digits of the exponent at least. */
function exponential(value: number): string {
  return value.toExponential().replace(/e([-+])(\d)$/, "e$10$2");
}
