/** What was played before: every change can be taken back, and done again. */

import type { LessonProgress } from "./progress";
import type { Session } from "./session";

/** Older ones are forgotten; sessions share what they have in common. */
const MOST = 20;
/** Milliseconds in which changes of the same words are one: a slider or a start that is dragged. */
const GESTURE = 1000;

export interface Entry {
  readonly session: Session;
  /** The lesson that was taken, if one was. */
  readonly progress: LessonProgress | undefined;
  /** Where it stood when it was left. */
  position: number;
}

export class Entries {
  /** Which one is shown, counted from the first there ever was. */
  at = -1;
  private first = 0;
  private readonly all: Entry[] = [];
  private words = "";
  private time = -Infinity;

  /** A new session that came of a change of some words; those that were taken back are forgotten. */
  add(session: Session, progress: LessonProgress | undefined, words: readonly string[]): void {
    const now = performance.now();
    const same = words.length > 0 && words.join() === this.words && now - this.time < GESTURE;
    [this.words, this.time] = [words.join(), now];
    this.all.length = Math.max(0, this.at - this.first + (same ? 0 : 1));
    this.all.push({ session, progress, position: 0 });
    this.all.splice(0, this.all.length - MOST);
    if (!same) this.at += 1;
    this.first = this.at - this.all.length + 1;
  }

  /** Note where the session stands that is shown. */
  note(position: number): void {
    const entry = this.all[this.at - this.first];
    if (entry !== undefined) entry.position = position;
  }

  /** One that is still known. */
  known(at: number): Entry | undefined {
    return this.all[at - this.first];
  }

  /** Go to another one. */
  go(at: number): void {
    [this.at, this.words] = [at, ""];
  }

  /** Go to one that was forgotten and has been made again; those that do not come right behind it are forgotten. */
  put(at: number, session: Session, progress: LessonProgress | undefined): void {
    if (at !== this.first - 1) this.all.length = 0;
    this.all.unshift({ session, progress, position: 0 });
    this.first = at;
    this.go(at);
  }

  /** Whether there is one before and one after. */
  get around(): { undo: boolean; redo: boolean } {
    return { undo: this.at > this.first, redo: this.at < this.first + this.all.length - 1 };
  }
}
