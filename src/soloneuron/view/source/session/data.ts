/** The shapes of what is generated from the library's catalogues. */

export interface OptimizerData {
  /** What it wants: `gradient`, `gradient at its point` or `objective`. */
  needs: string;
  /** Which of a surface's two factors its first rate follows; null for neither. */
  follows: number | null;
  /** Between which ends those of its settings that are numbers can be set. */
  numbers: Record<string, [least: number, most: number]>;
}

/** One thing to see. */
export interface LessonStep {
  link: string;
  until: number;
  speed: number;
  open: string;
}

/** A number of a run, at the end of a step of the lesson (from 1). */
export interface MeasureData {
  kind: string;
  step: number;
  runner: number;
  detail: number;
}

/** What must hold of the measures; what never came is infinite. */
export type Requirement =
  | { kind: "less"; small: string; large: string; times: number; plus: number }
  | { kind: "alike"; one: string; two: string; times: number; plus: number }
  | { kind: "within"; name: string; low: number; high: number };

export interface LessonData {
  steps: LessonStep[];
  measures: Record<string, MeasureData>;
  answers: Record<string, Requirement[]>;
  expected: string;
  formulas: string[];
}

/** A rule as lines of Python over numpy arrays. */
export interface PythonRule {
  /** Whether weight decay stands in the lines themselves: then these hold without it. */
  decays?: boolean;
  /** Its letters that are settings, and their names. */
  settings: Record<string, string>;
  /** What every slot holds before the first step. */
  begins: Record<string, string>;
  /** Lines before the gradient is asked for, where, and lines after. */
  before: string[];
  point: string;
  after: string[];
}
