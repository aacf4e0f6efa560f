/** Somebody takes a lesson: what was predicted, what has been played, and what came out of it. */

import { LESSONS } from "../generated/catalogue";
import type { Config, Lesson } from "../protocol";
import type { LessonData, LessonStep, Requirement } from "./data";
import { readLink, Refusal, writeLink } from "./link";
import { take } from "./measures";
import type { Session } from "./session";

/** The prediction of somebody who makes none. */
const SKIPPED = "skipped";
/** The answer where no condition holds. */
const UNCLEAR = "unclear";

type Measurements = Record<string, number | null>;

export class LessonProgress {
  readonly lesson: LessonData;
  predicted: string | null = null;
  /** The step of the lesson whose settings are on the page, from 0; null if none's are. */
  at: number | null = 0;
  private readonly configs: Config[];
  private readonly taken = new Map<number, Measurements>();

  constructor(readonly name: string) {
    const lesson = LESSONS[name];
    if (lesson === undefined) throw new Refusal("playground.lesson.none");
    this.lesson = lesson;
    this.configs = lesson.steps.map((step) => ({ ...readLink(step.link), lesson: name }));
  }

  /** The step that is on the page, or was last. */
  get step(): LessonStep {
    return this.lesson.steps[this.at ?? 0] as LessonStep;
  }

  config(step: number): Config {
    return this.configs[step] as Config;
  }

  /** Whether a session has the settings of a step of the lesson. */
  is(step: number, session: Session): boolean {
    return spelled(this.config(step)) === spelled(session.config);
  }

  /** Note what somebody expects, until the answer is known. */
  predict(choice: string): void {
    if (choice !== SKIPPED && !(choice in this.lesson.answers)) {
      throw new Refusal("playground.message.value", { command: "predict", word: "choice" });
    }
    if (this.taken.size < this.lesson.steps.length) this.predicted = choice;
  }

  /** Refuse to play before somebody said what will be, or did not want to. */
  mustBePredicted(): void {
    if (this.predicted === null) throw new Refusal("playground.lesson.predict");
  }

  /** Find out which step of the lesson a session's settings are; several steps may share them. */
  locate(session: Session): void {
    const now = spelled(session.config);
    const same = this.configs.flatMap((config, step) => (spelled(config) === now ? [step] : []));
    if (this.at !== null && same.includes(this.at)) return;
    this.at = same.find((step) => !this.taken.has(step)) ?? same[0] ?? null;
  }

  /** Take the measures of the present step as soon as it has been played to its end. */
  measure(session: Session): void {
    const { at } = this;
    if (at === null || this.taken.has(at) || session.position < this.step.until) return;
    const own = Object.entries(this.lesson.measures).filter(([, measure]) => measure.step === at + 1);
    this.taken.set(at, Object.fromEntries(own.map(([name, measure]) => [name, take(session, measure, this.step.until)])));
  }

  /** What the page must know of the lesson now. */
  described(): Omit<Lesson, "speed"> {
    const { lesson } = this;
    const names = Object.keys(LESSONS);
    return {
      name: this.name,
      choices: Object.keys(lesson.answers),
      predicted: this.predicted,
      at: this.at,
      steps: lesson.steps.map(({ until, open }, i) => ({ until, open, done: this.taken.has(i) })),
      formulas: lesson.formulas,
      fields: Object.fromEntries(lesson.steps.map(({ until }, i) => [`end${i + 1}`, until])),
      answer: this.taken.size === lesson.steps.length ? this.answer() : null,
      next: names[names.indexOf(this.name) + 1] ?? null,
    };
  }

  private answer(): NonNullable<Lesson["answer"]> {
    const fields: Measurements = Object.assign({}, ...this.taken.values());
    const code = judge(this.lesson, fields);
    const silent = code === UNCLEAR || this.predicted === null || this.predicted === SKIPPED;
    return { code, fields, right: silent ? null : this.predicted === code, expected: code === this.lesson.expected };
  }
}

/** The answer that the numbers give. */
export function judge(lesson: LessonData, numbers: Measurements): string {
  const held = Object.entries(lesson.answers).find(([, conditions]) => conditions.every((one) => holds(one, numbers)));
  return held?.[0] ?? UNCLEAR;
}

function holds(one: Requirement, numbers: Measurements): boolean {
  const value = (name: string): number => numbers[name] ?? Infinity;
  if (one.kind === "within") return one.low <= value(one.name) && value(one.name) < one.high;
  const less = (small: number, large: number): boolean => small < large && one.times * small + one.plus <= large;
  if (one.kind === "less") return less(value(one.small), value(one.large));
  const [a, b] = [value(one.one), value(one.two)];
  return Number.isFinite(a) && Number.isFinite(b) && !less(a, b) && !less(b, a);
}

/** All that makes two configs the same run. */
const spelled = (config: Config): string => writeLink({ ...config, step: 0 });
