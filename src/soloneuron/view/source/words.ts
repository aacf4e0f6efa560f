/** The product's sentences in one language. */

import type { Fault, Judgement } from "./protocol";

export type Language = "en" | "ru";
export type Table = { [key: string]: string | Table };
export type Fields = Record<string, unknown>;

export class Words {
  constructor(
    readonly language: Language,
    readonly table: Table,
  ) {}

  /** The sentence behind a key of the room `playground`. */
  say(key: string, fields: Fields = {}): string {
    return this.of(`playground.${key}`, fields) ?? key;
  }

  /** The sentence behind any key, or nothing. */
  of(key: string, fields: Fields = {}): string | undefined {
    let found: string | Table | undefined = this.table;
    for (const part of key.split(".")) {
      if (found === undefined || typeof found === "string") return undefined;
      found = found[part];
    }
    return typeof found === "string" ? fill(found.trim(), fields, this.language) : undefined;
  }

  /** A bad end: what happened, beside which limits, and what to do. */
  outcome({ code, fields, beside }: Judgement): string {
    const more = beside.map((key) => `${key.startsWith("cures") ? ". " : "; "}${this.of(`outcomes.${key}`, fields)}`);
    return `${this.say(`judged.${code}`, fields)}${more.join("")}.`;
  }

  /** An optimizer as a chip calls it. */
  short(optimizer: string): string {
    return this.of(`optimizers.${optimizer}.short`) ?? optimizer;
  }

  /** The full name of an optimizer or a loss. */
  title(room: "optimizers" | "losses", name: string): string {
    return this.of(`${room}.${name}.title`) ?? name;
  }
}

/** What is wrong, in a language; a fault within it without the stop at its end. */
export function faultSentence(words: Words, { code, fields }: Fault): string {
  const within = (value: unknown): unknown => (value instanceof Object ? faultSentence(words, value as Fault).replace(/\.$/, "") : value);
  const said = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, within(value)]));
  return words.of(code.replace(/^playground\./, "$&errors."), said) ?? code;
}

/** A loss as a menu calls it, in any language. */
export function short(loss: string): string {
  return loss.length <= 3 ? loss.toUpperCase() : loss.replace("_", " ");
}

const BRACES = /\{(\w+)(?::(?:\.?(\d*)([gf%])|(,)|((?:[^{}]|\{[^{}]*\})*\|(?:[^{}]|\{[^{}]*\})*)))?\}/g;

/**
 * Python's braces, as far as the texts use them: {name}, {x:g}, {x:.3g}, {x:.4f}, {x:.0%}, {n:,} and {n:row|rows}.
 * A word goes with its number as it is shown.
 */
export function fill(sentence: string, fields: Fields, language: Language): string {
  const shown = new Map<string, number>();
  for (const [, name = "", digits, kind] of sentence.matchAll(BRACES)) {
    const value = fields[name];
    if (kind === undefined || typeof value !== "number" || shown.has(name)) continue;
    shown.set(name, Number(kind === "g" ? value.toPrecision(significant(digits)) : value.toFixed(Number(digits))));
  }
  return sentence.replace(BRACES, (_, name: string, digits?: string, kind?: string, parted?: string, forms?: string) => {
    const value = fields[name];
    if (typeof value !== "number") return String(value ?? "–");
    // A form may hold braces of its own.
    if (forms !== undefined) return fill(form(forms.split("|"), shown.get(name) ?? value, language), fields, language);
    if (parted !== undefined) return grouped(value, language);
    if (kind === undefined) return String(value);
    if (kind === "f") return value.toFixed(Number(digits));
    return kind === "%" ? `${(value * 100).toFixed(Number(digits))}%` : general(value, significant(digits));
  });
}

/** A whole number with its thousands parted. */
export function grouped(value: number, language: Language): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, language === "ru" ? "\u00a0" : ",");
}

/** How many digits "g" shows: six where none are asked for. */
function significant(digits: string | undefined): number {
  return digits ? Number(digits) || 1 : 6;
}

/** The form of a word that goes with a number: 1 | other, in Russian 1, 21 | 2, 3, 4, 1.5 | other; one more is for 0. */
function form(forms: string[], count: number, language: Language): string {
  const kinds = language === "ru" ? ["one", "few", "many"] : ["one", "other"];
  if (count === 0 && forms.length > kinds.length) return forms.at(-1) ?? "";
  const kind = new Intl.PluralRules(language).select(count);
  // A fraction, "other" in Russian, takes the form of 2: 1.5 шага.
  return forms[kinds.indexOf(language === "ru" && kind === "other" ? "few" : kind)] ?? forms.at(-1) ?? "";
}

/** A number with so many digits, as Python's format "g" writes it, but for an exponent only where it saves zeros. */
export function general(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "∞";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -4 || size >= digits + 3) return value.toExponential(Math.max(0, digits - 1)).replace("e+", "e");
  return String(Number(value.toPrecision(digits)));
}
