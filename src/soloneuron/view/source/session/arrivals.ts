/** A whole number for every runner at every step, such as since when something holds. */

export class StepMarks {
  private marks: Int32Array;

  constructor(private readonly runners: number) {
    this.marks = new Int32Array(64 * runners);
  }

  set(step: number, runner: number, mark: number): void {
    const place = step * this.runners + runner;
    if (place >= this.marks.length) {
      const larger = new Int32Array(2 * this.marks.length);
      larger.set(this.marks);
      this.marks = larger;
    }
    this.marks[place] = mark;
  }

  get(step: number, runner: number): number {
    return this.marks[step * this.runners + runner] ?? -1;
  }
}

/** Since when something holds of every runner: it is there, and it stays. */
export class Arrivals {
  private readonly since: StepMarks;

  constructor(runners: number) {
    this.since = new StepMarks(runners);
  }

  /** Note of a runner whether it holds at the next place of a recording, which is a step of the race. */
  note(place: number, runner: number, holds: boolean, step: number): void {
    const before = place > 0 ? this.since.get(place - 1, runner) : -1;
    this.since.set(place, runner, !holds ? -1 : before >= 0 ? before : step);
  }

  /** The step since which it holds without a break up to a place; null where it does not hold then. */
  at(place: number, runner: number): number | null {
    const since = this.since.get(place, runner);
    return since < 0 ? null : since;
  }
}
