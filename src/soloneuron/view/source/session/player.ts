/** Plays a session: which step is shown, what follows from it, and when it stops. */

import type { Setup } from "../protocol";
import type { Answers } from "./answers";
import { atTarget } from "./changing";
import { Clock, within } from "./clock";
import { statusOf } from "./judgement";
import { MOST_STEPS } from "./session";
import type { Session } from "./session";
import { setupOf } from "./setup";
import type { Stretch } from "./stretch";

/** Milliseconds between two states of a race that plays, and times as long as making one took. */
const [STATUS_EVERY, STATUS_SHARE] = [250, 12];
/** Milliseconds of computing after which the way to a step is shown as it goes. */
const AT_ONCE = 60;

export class Player {
  session: Session | undefined;
  playing = false;
  speed = 15;
  /** Whether playing stops at the target, and whether it is on its way there. */
  stops = true;
  /** Whether the page has got a frame that it has not been asked about. */
  fresh = false;
  private awaits = false;
  /** It goes as fast as it can. */
  private hurry = false;
  /** Where playing ends. */
  until = MOST_STEPS;
  private spoken = 0;
  private judging = 0;
  /** The stretch that the page draws, and the last step that it has been shown. */
  private shown: Stretch | undefined;
  private newest = -1;
  private readonly clock = new Clock((elapsed) => this.tick(elapsed));

  constructor(
    private readonly answers: Answers,
    /** What else is to be said of a setup, and what follows from the end of playing. */
    private readonly beside: () => Pick<Setup, "entry" | "undo" | "redo">,
    private readonly ended: () => void,
  ) {}

  /** Tell what is drawn from now on; all that has been seen of it comes anew. */
  present(session: Session): void {
    this.session = session;
    this.shown = session.shown;
    this.newest = -1;
    const setup = { ...setupOf(session), ...this.beside() };
    this.answers.say((to) => to.setup(setup));
  }

  play(session: Session, until: number): void {
    this.awaits = this.stops && until === MOST_STEPS && !atTarget(session);
    this.run(until, session.position < until);
  }

  pause(): void {
    this.run(0, false);
  }

  /** Show a step; one that takes long to compute is hurried to. */
  reach(session: Session, step: number): void {
    const wanted = Math.min(Math.max(step, 0), MOST_STEPS);
    if (wanted <= session.recorded) session.go(wanted);
    else {
      session.go(session.recorded);
      within(() => session.go(session.position + 1) < wanted, AT_ONCE);
    }
    this.awaits = false;
    this.frames(session);
    this.run(wanted, session.position < wanted, true);
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
    if (due < 1) return true;
    within(() => this.advance(session) < this.until && --due >= 1);
    this.frames(session);
    const ended = session.position >= this.until;
    if (ended && this.awaits && atTarget(session)) this.answers.say((to) => to.arrived(session.position));
    if (ended) this.playing = this.hurry = this.awaits = false;
    const pause = Math.max(STATUS_EVERY, STATUS_SHARE * this.judging);
    if (ended || performance.now() - this.spoken > pause) this.status();
    if (ended) this.ended();
    this.answers.tell();
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
    this.answers.say((to) => to.frame(frame));
  }

  private status(): void {
    if (this.session === undefined) return;
    const began = performance.now();
    const status = { ...statusOf(this.session), playing: this.playing };
    this.spoken = performance.now();
    this.judging = this.spoken - began;
    this.answers.say((to) => to.status(status));
  }
}
