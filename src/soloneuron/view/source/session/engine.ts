/** What the page talks to: one session, whether it plays, and the lesson that is taken. */

import { MENUS } from "../generated/catalogue";
import type { UpdateDetail } from "../inside";
import type { Config, Fault, Frame, Lesson, Menus, Setup, Status } from "../protocol";
import { Clock, within } from "./clock";
import { commandText, pythonCode } from "./copy";
import { exampleOf } from "./inspection";
import { statusOf } from "./judgement";
import { readLink, Refusal } from "./link";
import { LessonProgress } from "./progress";
import { keep } from "./keeping";
import { MOST_STEPS, Session } from "./session";
import { setupOf } from "./setup";

export interface Listener {
  hello(menus: Menus): void;
  setup(setup: Setup): void;
  frame(frame: Frame): void;
  status(status: Status): void;
  lesson(lesson: Lesson | null): void;
  inside(detail: UpdateDetail): void;
  copy(what: string, text: string): void;
  keep(what: string, page: string): void;
  faulty(fault: Fault): void;
}

/** What is asked for, with the words that it needs. */
export interface Requests {
  open: { link: string };
  play: { until: number };
  pause: object;
  go: { step: number };
  speed: { speed: number };
  predict: { choice: string };
  lesson: { part: number };
  inside: { of: readonly [number, number] };
  python: { runner: number };
  command: object;
  replay: { language: "en" | "ru" };
  report: { language: "en" | "ru" };
}

/** Milliseconds between two states of a race that plays. */
const STATUS_EVERY = 250;
/** Milliseconds of computing after which the way to a step is shown as it goes. */
const AT_ONCE = 60;

export class Engine {
  private listener: Listener | undefined;
  private readonly answers: ((to: Listener) => void)[] = [];
  private telling = false;
  private session: Session | undefined;
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
    const asked = words as Requests["open"] & Requests["play"] & Requests["go"] & Requests["speed"] & Requests["predict"] &
      Requests["lesson"] & Requests["inside"] & Requests["python"] & Requests["replay"];
    if (what === "speed") this.speed = asked.speed;
    else if (what === "open") this.open(asked.link);
    else this.move(what, asked);
    this.teach();
  }

  private move(what: keyof Requests, asked: Requests["play"] & Requests["go"] & Requests["predict"] & Requests["lesson"] &
    Requests["inside"] & Requests["python"] & Requests["replay"]): void {
    const { session } = this;
    if (session === undefined) throw new Refusal("playground.message.early");
    const { config, position } = session;
    if (what === "predict") this.taken.predict(asked.choice);
    else if (what === "lesson") this.part(asked.part);
    else if (what === "pause") this.play(session, 0);
    else if (what === "play") this.play(session, asked.until);
    else if (what === "go") this.go(session, asked.step);
    else if (what === "inside") this.say((to) => to.inside(exampleOf(session, ...asked.of)));
    else if (what === "command") this.say((to) => to.copy(what, commandText(config, position)));
    else if (what === "python") this.say((to) => to.copy(what, pythonCode(config, position, asked.runner).text));
    else if (what === "replay" || what === "report") this.keep(session, what, asked.language);
  }

  private keep(session: Session, what: "replay" | "report", language: "en" | "ru"): void {
    void keep(session, what, language).then(
      (text) => this.say((to) => to.keep(what, text)),
      (fault: unknown) => (fault instanceof Refusal ? this.refuse(fault) : Promise.reject(fault)),
    ).then(() => this.tell());
  }

  private open(link: string): void {
    const config = readLink(link);
    // Chosen from the list it begins anew.
    if (link.replace(/^\?/, "") === `lesson=${config.lesson}`) this.progress = undefined;
    this.show(config);
  }

  /** A new session; in a lesson nothing is shown before somebody said what will be. */
  private show(config: Config): Session {
    const session = new Session(config);
    this.session = session;
    this.newest = -1;
    if (this.progress?.name !== config.lesson) this.progress = config.lesson === "" ? undefined : new LessonProgress(config.lesson);
    this.say((to) => to.setup(setupOf(session)));
    const waits = this.progress !== undefined && this.progress.predicted === null;
    this.reach(session, waits ? 0 : config.step);
    return session;
  }

  private get taken(): LessonProgress {
    if (this.progress === undefined) throw new Refusal("playground.lesson.none");
    return this.progress;
  }

  private play(session: Session, until: number): void {
    if (until > 0) this.progress?.mustBePredicted();
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
    if (!known) this.show(taken.config(part));
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
    within(() => due-- >= 1 && session.position < this.until && session.go(session.position + 1) < this.until);
    if (session.position === before && session.position < this.until) return true;
    this.frames(session);
    const ended = session.position >= this.until;
    if (ended) this.playing = this.hurry = false;
    if (ended || performance.now() - this.spoken > STATUS_EVERY) this.status();
    if (ended) this.teach();
    this.tell();
    return this.playing;
  }

  /** The frame of now, after those on the way to it that the page has not seen. */
  private frames(session: Session): void {
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
