/** What the page talks to: one session that plays, what was played before, and the lesson that is taken. */

import type { Changeable, Config } from "../protocol";
import type { Words } from "../words";
import type { Listener } from "./answers";
import { Answers } from "./answers";
import type { Naming } from "./changing";
import { begunAnew, changedSession, heldConfig } from "./changing";
import { commandText, pythonCode } from "./copy";
import { Entries } from "./entries";
import { exampleOf } from "./inspection";
import { keep } from "./keeping";
import { readLink, Refusal, writeLink } from "./link";
import { Player } from "./player";
import { LessonProgress } from "./progress";
import { Session } from "./session";

export type { Listener } from "./answers";

/** What is asked for, with the words that it needs. */
export interface Requests {
  /** The step is where it stood when it was left, if that is known. */
  open: { link: string; step?: number | undefined };
  /** From here on; words that cannot change while it runs begin a new run. */
  change: { changes: Partial<Config> & Partial<Changeable> };
  /** Back to the start; after changes a new run with what holds now. */
  reset: object;
  undo: object;
  redo: object;
  /** One of before; where it is forgotten, or an address says otherwise, what that says. */
  entry: { at: number; link?: string };
  play: { until: number };
  pause: object;
  go: { step: number };
  speed: { speed: number };
  /** Whether playing stops when the target is reached. */
  target: { stops: boolean };
  predict: { choice: string };
  lesson: { part: number };
  inside: { of: readonly [number, number] };
  python: { runner: number };
  command: object;
  replay: { words: Words };
  report: { words: Words };
}

/** Who does what is asked for. */
type Doers = { [K in keyof Requests]: (session: Session, words: Requests[K]) => void };

export class Engine {
  naming: Naming = ({ names }) => names;
  private readonly answers = new Answers();
  private readonly entries = new Entries();
  private readonly player: Player;
  private progress: LessonProgress | undefined;
  private lessonSent = "";

  private readonly doers: Omit<Doers, "open" | "speed" | "target"> = {
    change: (session, { changes }) => this.change(session, changes),
    reset: (session) => this.reset(session),
    undo: () => this.recall(this.entries.at - 1),
    redo: () => this.recall(this.entries.at + 1),
    entry: (_, { at, link }) => this.revisit(at, link),
    play: (session, { until }) => this.play(session, until),
    pause: () => this.player.pause(),
    go: (session, { step }) => this.go(session, step),
    predict: (_, { choice }) => this.taken.predict(choice),
    lesson: (session, { part }) => this.part(session, part),
    inside: (session, { of }) => {
      const detail = exampleOf(session, ...of);
      this.answers.say((to) => to.inside(detail));
    },
    python: (session, { runner }) => this.copy("python", pythonCode(session.config, session.position, runner).text),
    command: (session) => this.copy("command", commandText(session.config, session.position)),
    replay: (session, { words }) => this.keep(session, "replay", words),
    report: (session, { words }) => this.keep(session, "report", words),
  };

  constructor(link: string, step?: number) {
    this.player = new Player(this.answers, () => ({ entry: this.entries.at, ...this.entries.around }), () => this.teach());
    this.send("open", { link, step });
  }

  /** Hand over what has come so far, and all that comes. */
  attach(listener: Listener): void {
    this.answers.attach(listener);
  }

  /** Whether there was a frame since the last time. */
  seen(): boolean {
    const { fresh } = this.player;
    this.player.fresh = false;
    return fresh;
  }

  /** How sharp the loss of a runner was where it stood at a step, and 2 over its rate then. */
  sharpness(runner: number, step: number): readonly [number, number] {
    return this.player.session?.shown.sharpness(runner, step) ?? [NaN, NaN];
  }

  /** What a new run begins with. */
  get held(): Config | undefined {
    const { session } = this.player;
    return session && heldConfig(session, this.naming);
  }

  /** Do what is asked for; what cannot be is refused in a sentence, and nothing has changed. */
  send<K extends keyof Requests>(what: K, words: Requests[K]): void {
    try {
      this.handle(what, words);
      this.teach();
    } catch (fault) {
      this.refuse(fault);
    }
    this.answers.tell();
  }

  private handle<K extends keyof Requests>(what: K, words: Requests[K]): void {
    if (what === "open") return this.open(words as Requests["open"]);
    if (what === "speed") return void (this.player.speed = (words as Requests["speed"]).speed);
    if (what === "target") return void (this.player.stops = (words as Requests["target"]).stops);
    const { session } = this.player;
    // Of a link of no use there is nothing to do anything with.
    if (session !== undefined) (this.doers as unknown as Doers)[what](session, words);
  }

  private open({ link, step }: Requests["open"]): void {
    const read = readLink(link);
    const config = { ...read, step: step ?? read.step };
    const session = new Session(config);
    // Chosen from the list it begins anew.
    if (link.replace(/^\?/, "") === `lesson=${config.lesson}`) this.progress = undefined;
    this.show(session, [], config.step);
  }

  private change(session: Session, changes: Requests["change"]["changes"]): void {
    const { changed, step } = changedSession(session, changes, this.naming);
    const { playing, until } = this.player;
    this.show(changed, Object.keys(changes), step);
    if (playing) this.play(changed, until);
  }

  private reset(session: Session): void {
    if (session.changes.length === 0) return this.go(session, 0);
    this.show(begunAnew(session, this.naming), [], 0);
  }

  /** Show what was played before, or what was taken back. */
  private recall(at: number): void {
    this.note();
    const entry = this.entries.known(at);
    if (entry === undefined) return;
    this.entries.go(at);
    this.progress = entry.progress;
    this.present(entry.session, entry.position);
  }

  /** The browser's history went to an entry. */
  private revisit(at: number, link?: string): void {
    const config = link === undefined ? undefined : readLink(link);
    const known = this.entries.known(at)?.session.config;
    if (config === undefined || (known !== undefined && writeLink(known) === writeLink(config))) return this.recall(at);
    const session = new Session(config);
    this.note();
    this.accompany(config.lesson);
    this.entries.put(at, session, this.progress);
    this.present(session, config.step);
  }

  /** A new session, at a step. */
  private show(session: Session, words: readonly string[], step: number): void {
    this.note();
    this.accompany(session.config.lesson);
    this.entries.add(session, this.progress, words);
    this.present(session, step);
  }

  private note(): void {
    this.entries.note(this.player.session?.position ?? 0);
  }

  /** Turn to a session, at a step; in a lesson nothing is shown before somebody said what will be. */
  private present(session: Session, step: number): void {
    const waits = this.progress !== undefined && this.progress.predicted === null;
    this.player.present(session);
    this.player.reach(session, waits ? 0 : step);
  }

  /** The lesson of a session: the one that is taken, another one, or none. */
  private accompany(lesson: string): void {
    if ((this.progress?.name ?? "") === lesson) return;
    this.progress = lesson === "" ? undefined : new LessonProgress(lesson);
  }

  private get taken(): LessonProgress {
    if (this.progress === undefined) throw new Refusal("playground.lesson.none");
    return this.progress;
  }

  private play(session: Session, until: number): void {
    this.progress?.mustBePredicted();
    this.player.play(session, until);
  }

  private go(session: Session, step: number): void {
    this.progress?.mustBePredicted();
    this.player.reach(session, step);
  }

  /** Set the page to a part of the lesson, and play it; what was played already is gone on with. */
  private part(session: Session, part: number): void {
    const { taken } = this;
    const step = taken.lesson.steps[part];
    if (step === undefined) throw new Refusal("playground.message.value", { command: "lesson", word: "part" });
    taken.mustBePredicted();
    const known = taken.is(part, session) && session.position < step.until;
    taken.at = part;
    const played = known ? session : new Session(taken.config(part));
    if (!known) this.show(played, [], 0);
    this.player.speed = step.speed;
    this.player.play(played, step.until);
  }

  private copy(what: string, text: string): void {
    this.answers.say((to) => to.copy(what, text));
  }

  private keep(session: Session, what: "replay" | "report", words: Words): void {
    const said = (text: string): void => this.answers.say((to) => to.keep(what, text));
    void keep(session, what, words).then(said, (fault: unknown) => this.refuse(fault)).then(() => this.answers.tell());
  }

  /** The state of the lesson, if it has changed. */
  private teach(): void {
    const { progress } = this;
    const { session, speed } = this.player;
    if (progress !== undefined && session !== undefined) {
      progress.locate(session);
      progress.measure(session);
    }
    const lesson = progress === undefined ? null : { ...progress.described(), speed };
    const now = lesson === null ? "" : JSON.stringify(lesson);
    if (now === this.lessonSent) return;
    this.lessonSent = now;
    this.answers.say((to) => to.lesson(lesson));
  }

  private refuse(fault: unknown): void {
    if (!(fault instanceof Refusal)) throw fault;
    const { code, fields } = fault;
    this.answers.say((to) => to.faulty({ code, fields }));
  }
}
