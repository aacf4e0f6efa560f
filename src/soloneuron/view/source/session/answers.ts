/** What the engine answers, in its order; what is asked for meanwhile is answered after it. */

import type { UpdateDetail } from "../inside";
import type { Fault, Frame, Lesson, Setup, Status } from "../protocol";

export interface Listener {
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

type Answer = (to: Listener) => void;

export class Answers {
  private listener: Listener | undefined;
  private readonly waiting: Answer[] = [];
  private telling = false;

  /** Hand over what has come so far, and all that comes. */
  attach(listener: Listener): void {
    this.listener = listener;
    this.tell();
  }

  say(answer: Answer): void {
    this.waiting.push(answer);
  }

  tell(): void {
    const { listener } = this;
    if (listener === undefined || this.telling) return;
    this.telling = true;
    try {
      for (let answer = this.waiting.shift(); answer !== undefined; answer = this.waiting.shift()) answer(listener);
    } finally {
      this.telling = false;
    }
  }
}
