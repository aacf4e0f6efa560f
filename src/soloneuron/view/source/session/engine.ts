/** What the page talks to: one session, whether it plays, and the lesson that is taken. */

import { MENUS } from "../generated/catalogue";
import type { UpdateDetail } from "../inside";
import type { Changeable, Config, Fault, Frame, Lesson, Menus, Setup, Status } from "../protocol";
import type { Words } from "../words";
import { Clock, within } from "./clock";
import { commandText, pythonCode } from "./copy";
import { changedSession, atTarget } from "./changing";
import { Entries } from "./entries";
import { exampleOf } from "./inspection";
import { statusOf } from "./judgement";
import { readLink, Refusal } from "./link";
import { LessonProgress } from "./progress";
import { keep } from "./keeping";
import { MOST_STEPS, Session } from "./session";
import { setupOf } from "./setup";
import type { Stretch } from "./stretch";

export interface Listener {
  hello(menus: Menus): void;
  setup(setup: Setup): void;
  frame(frame: Frame): void;
  status(status: Status): void;
  lesson(lesson: Lesson | null): void;
  inside(detail: UpdateDetail): void;
  copy(what: string, text: string): void;
  keep(what: string, page: string): void;
  /** Playing stopped at a step, for the target is reached. */
  arrived(step: number): void;
  faulty(fault: Fault): void;
}

/** What is asked for, with the words that it needs. */
export interface Requests {
  open: { link: string };
  /** From here on; words that cannot change while it runs begin a new run. */
  change: { changes: Partial<Config> & Partial<Changeable> };
  /** Back to the start; after changes a new run with what holds now. */
  reset: object;
  undo: object;
  redo: object;
  entry: { at: number };
  /** Whether playing stops when the target is reached. */
  target: { stops: boolean };
  play: { until: number };
  pause: object;
  go: { step: number };
  speed: { speed: number };
  predict: { choice: string };
  lesson: { part: number };
  inside: { of: readonly [number, number] };
  python: { runner: number };
  command: object;
  replay: { words: Words };
  report: { words: Words };
}

/** All words that any request may hold. */
type All = Requests["open"] & Requests["change"] & Requests["entry"] & Requests["target"] & Requests["play"] & Requests["go"] &
  Requests["speed"] & Requests["predict"] & Requests["lesson"] & Requests["inside"] & Requests["python"] & Requests["replay"];

/** Milliseconds between two states of a race that plays. */
const STATUS_EVERY = 250;
/** Milliseconds of computing after which the way to a step is shown as it goes. */
const AT_ONCE = 60;

export class Engine {
  private listener: Listener | undefined;
  private readonly answers: ((to: Listener) => void)[] = [];
  private telling = false;
  private session: Session | undefined;
  /** The stretch that the page draws. */
  private shown: Stretch | undefined;
  private readonly entries = new Entries();
  /** Whether playing stops at the target, and whether it is on its way there. */
  private stops = true;
  private awaits = false;
  private progress: LessonProgress | undefined;
  private lessonSent = "";
  private playing = false;
  /** It goes as fast as it can, every step is shown. */
  private hurry = false;
  private until = MOST_STEPS;
  private speed = 15;
  private spoken = 0;
  /** The last step that the page has been shown, and whether one is new to it. */
  private newest = -1;
  private fresh = false;
  private readonly clock = new Clock((elapsed) => this.tick(elapsed));

  constructor(link: string) {
    this.send("open", { link });
  }

  /** Hand over what has come so far, and all that comes. */
  attach(listener: Listener): void {
    this.listener = listener;
    this.answers.unshift((to) => to.hello(MENUS));
    this.tell();
  }

  /** Whether there was a frame since the last time. */
  seen(): boolean {
    const { fresh } = this;
    this.fresh = false;
    return fresh;
  }

  /** Do what is asked for; what cannot be is refused in a sentence, and nothing has changed. */
  send<K extends keyof Requests>(what: K, words: Requests[K]): void {
    try {
      this.handle(what, words);
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
      this.refuse(fault);
    }
    this.tell();
  }

  private handle<K extends keyof Requests>(what: K, words: Requests[K]): void {
    const asked = words as All;
    if (what === "speed") this.speed = asked.speed;
    else if (what === "target") this.stops = asked.stops;
    else if (what === "open") this.open(asked.link);
    else if (this.session === undefined) throw new Refusal("playground.message.early");
    else this.move(this.session, what, asked);
    this.teach();
  }

  private move(session: Session, what: keyof Requests, asked: All): void {
    const { config, position } = session;
    if (what === "predict") this.taken.predict(asked.choice);
    else if (what === "lesson") this.part(asked.part);
    else if (what === "pause") this.run(0, false);
    else if (what === "play") this.play(session, asked.until);
    else if (what === "go") this.go(session, asked.step);
    else if (what === "change") this.change(session, asked.changes);
    else if (what === "reset") this.reset(session);
    else if (what === "undo" || what === "redo") this.recall(this.entries.at + (what === "undo" ? -1 : 1));
    else if (what === "entry") this.recall(asked.at);
    else if (what === "inside") this.say((to) => to.inside(exampleOf(session, ...asked.of)));
    else if (what === "command") this.say((to) => to.copy(what, commandText(config, position)));
    else if (what === "python") this.say((to) => to.copy(what, pythonCode(config, position, asked.runner).text));
    else if (what === "replay" || what === "report") this.keep(session, what, asked.words);
  }

  private keep(session: Session, what: "replay" | "report", words: Words): void {
    void keep(session, what, words).then(
      (text) => this.say((to) => to.keep(what, text)),
      (fault: unknown) => (fault instanceof Refusal ? this.refuse(fault) : Promise.reject(fault)),
    ).then(() => this.tell());
  }

  private change(session: Session, changes: Requests["change"]["changes"]): void {
    const { changed, step } = changedSession(session, changes);
    const { playing } = this;
    this.show(changed, Object.keys(changes), step);
    if (playing) this.play(changed, MOST_STEPS);
  }

  private reset(session: Session): void {
    if (session.changes.length === 0) this.go(session, 0);
    else this.show(new Session({ ...session.shown.config, lesson: session.config.lesson, step: 0, changes: [] }), [], 0);
  }

  /** Show what was played before, or what was taken back. */
  private recall(at: number): void {
    this.entries.note(this.session?.position ?? 0);
    const entry = this.entries.go(at);
    if (entry === undefined) return;
    this.present(entry.session);
    this.reach(entry.session, entry.position);
  }

  private open(link: string): void {
    const config = readLink(link);
    // Chosen from the list it begins anew.
    if (link.replace(/^\?/, "") === `lesson=${config.lesson}`) this.progress = undefined;
    const session = new Session(config);
    this.show(session, [], config.step);
  }

  /** A new session, at a step; in a lesson nothing is shown before somebody said what will be. */
  private show(session: Session, words: readonly string[], step: number): void {
    const { lesson } = session.config;
    this.entries.note(this.session?.position ?? 0);
    this.entries.add(session, words);
    if ((this.progress?.name ?? "") !== lesson) this.progress = lesson === "" ? undefined : new LessonProgress(lesson);
    const waits = this.progress !== undefined && this.progress.predicted === null;
    this.present(session);
    this.reach(session, waits ? 0 : step);
  }

  /** Tell what is drawn now; all that has been seen of it comes anew. */
  private present(session: Session): void {
    this.session = session;
    this.shown = session.shown;
    this.newest = -1;
    const setup = { ...setupOf(session), entry: this.entries.at, ...this.entries.around };
    this.say((to) => to.setup(setup));
  }

  private get taken(): LessonProgress {
    if (this.progress === undefined) throw new Refusal("playground.lesson.none");
    return this.progress;
  }

  private play(session: Session, until: number): void {
    this.progress?.mustBePredicted();
    this.awaits = this.stops && until === MOST_STEPS && !atTarget(session);
    this.run(until, session.position < until);
  }

  private go(session: Session, step: number): void {
    this.progress?.mustBePredicted();
    this.reach(session, step);
  }

  /** Show a step; one that takes long to compute is hurried to. */
  private reach(session: Session, step: number): void {
    const wanted = Math.min(Math.max(step, 0), MOST_STEPS);
    if (wanted <= session.recorded) session.go(wanted);
    else {
      session.go(session.recorded);
      within(() => session.go(session.position + 1) < wanted, AT_ONCE);
    }
    this.frames(session);
    this.run(wanted, session.position < wanted, true);
  }

  /** Set the page to a part of the lesson, and play it; what was played already is gone on with. */
  private part(part: number): void {
    const { taken } = this;
    const step = taken.lesson.steps[part];
    if (step === undefined) throw new Refusal("playground.message.value", { command: "lesson", word: "part" });
    taken.mustBePredicted();
    const { session } = this;
    const known = session !== undefined && taken.is(part, session) && session.position < step.until;
    taken.at = part;
    if (!known) this.show(new Session(taken.config(part)), [], 0);
    this.speed = step.speed;
    this.run(step.until, true);
  }

  private run(until: number, playing: boolean, hurry = false): void {
    this.until = until;
    this.playing = playing;
    this.hurry = hurry && playing;
    if (playing) this.clock.start();
    else this.clock.stop();
    this.status();
  }

  /** Play on, before the screen is painted. */
  private tick(elapsed: number): boolean {
    const { session } = this;
    if (session === undefined || !this.playing) return false;
    let due = this.hurry ? Infinity : this.clock.due(elapsed, this.speed);
    const before = session.position;
    within(() => due-- >= 1 && session.position < this.until && this.advance(session) < this.until);
    if (session.position === before && session.position < this.until) return true;
    this.frames(session);
    const ended = session.position >= this.until;
    if (ended && this.awaits && session.position < MOST_STEPS) this.say((to) => to.arrived(session.position));
    if (ended) this.playing = this.hurry = false;
    if (ended || performance.now() - this.spoken > STATUS_EVERY) this.status();
    if (ended) this.teach();
    this.tell();
    return this.playing;
  }

  /** One step on; where the target is reached, it ends here. */
  private advance(session: Session): number {
    const step = session.go(session.position + 1);
    if (this.awaits && atTarget(session)) this.until = step;
    return step;
  }

  /** The frame of now, after those on the way to it that the page has not seen. */
  private frames(session: Session): void {
    if (session.shown !== this.shown) this.present(session);
    const now = session.position;
    for (let step = this.newest + 1; step < now; step++) this.frame(session, step);
    this.frame(session, now);
    this.newest = Math.max(this.newest, now);
  }

  private frame(session: Session, step: number): void {
    const frame = session.frame(step);
    this.fresh = true;
    this.say((to) => to.frame(frame));
  }

  private status(): void {
    if (this.session === undefined) return;
    this.spoken = performance.now();
    const status = { ...statusOf(this.session), playing: this.playing };
    this.say((to) => to.status(status));
  }

  /** The state of the lesson, if it has changed. */
  private teach(): void {
    const { progress, session } = this;
    if (progress !== undefined && session !== undefined) {
      progress.locate(session);
      progress.measure(session);
    }
    const lesson = progress === undefined ? null : { ...progress.described(), speed: this.speed };
    const now = JSON.stringify(lesson);
    if (now === this.lessonSent || (lesson === null && this.lessonSent === "")) return;
    this.lessonSent = now;
    this.say((to) => to.lesson(lesson));
  }

  private refuse({ code, fields }: Refusal): void {
    this.say((to) => to.faulty({ code, fields, message: code }));
  }

  private say(answer: (to: Listener) => void): void {
    this.answers.push(answer);
  }

  /** Hand the answers over in their order; what is asked for meanwhile is answered after them. */
  private tell(): void {
    const { listener } = this;
    if (listener === undefined || this.telling) return;
    this.telling = true;
    try {
      for (let answer = this.answers.shift(); answer !== undefined; answer = this.answers.shift()) answer(listener);
    } finally {
      this.telling = false;
    }
  }
}
