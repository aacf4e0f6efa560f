/** What every part of the page is given: words, the race, and what can be asked for. */

import type { Config, Fault, Lesson, Menus, Point } from "./protocol";
import type { Race } from "./race";
import type { Engine } from "./session/engine";
import type { Language, Words } from "./words";

export interface Page {
  words: Words;
  menus: Menus;
  race: Race | undefined;
  playing: boolean;
  speed: number;
  command(name: Command): void;
  go(step: number): void;
  setSpeed(speed: number): void;
  choose(optimizer: number): void;
  /** Say something to everybody, readers of screens too. */
  notify(sentence: string): void;
}

/** A page with an engine behind it, for lessons and looks inside. */
export interface Live extends Page {
  readonly engine: Engine;
  /** Whether somebody wants to see the sharpness; undefined while nobody has said so. */
  sharp: boolean | undefined;
  lesson: Lesson | null;
  /** Whether the address lets it be changed. */
  configure(changes: Partial<Config>): boolean;
  /** Add points, and take rows away by their numbers. */
  editPoints(add: Point[], drop: number[]): void;
  /** Ask what is inside the shown step of a runner, for one example of its batch. */
  inspect(runner: number, row: number): void;
  /** Open the page at a lesson; without a name leave it, with the settings as they are. */
  study(lesson: string): void;
  /** Open the table or the lesson that somebody brings. */
  upload(files: FileList | null): Promise<void>;
  /** Say what one expects of the lesson, and play its first part. */
  predict(choice: string): void;
  /** Play a part of the lesson. */
  teach(part: number): void;
  /** Say everything in a language. */
  translate(language: Language): void;
  /** Say what is wrong with something that was asked for. */
  refuse(fault: Fault): void;
  /** Whether playing stops when the target is reached. */
  readonly stops: boolean;
  stopAtTarget(stops: boolean): void;
}

export type Command =
  | "reset" | "back" | "play" | "step" | "seed" | "link" | "python" | "command" | "replay" | "report" | "help" | "inside" | "undo" | "redo";
