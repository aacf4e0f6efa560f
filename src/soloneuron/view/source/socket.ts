/** The line to the server: JSON in both directions, frames as bytes, each acknowledged when it was shown. */

import type { UpdateDetail } from "./inside";
import type { Fault, Lesson, Menus, Setup, Status } from "./protocol";
import { Frame } from "./protocol";

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
  closed(): void;
}

type Answer = { is: string } & Record<string, unknown>;

export class Line {
  private readonly socket: WebSocket;
  private listener: Listener | undefined;
  private early: ((to: Listener) => void)[] = [];
  /** How many frames have come, and of how many the server knows that they were shown. */
  private frames = 0;
  private told = 0;

  /** Call the server, and ask for a link at once: it can compute while the page still reads its words. */
  constructor(link: string) {
    this.socket = new WebSocket(`ws://${location.host}/ws`);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => this.send("open", { link }));
    this.socket.addEventListener("message", (event) => this.hear(event.data as string | ArrayBuffer));
    this.socket.addEventListener("close", () => this.tell((to) => to.closed()));
  }

  /** Hand over what has come so far, and all that comes. */
  attach(listener: Listener): void {
    this.listener = listener;
    for (const told of this.early.splice(0)) told(listener);
  }

  send(what: string, more: Record<string, string | number | number[]> = {}): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ do: what, ...more }));
  }

  /** Tell the server that all frames up to now have been shown; whether there was one that it has not been told of. */
  seen(): boolean {
    if (this.told === this.frames) return false;
    this.told = this.frames;
    this.send("seen", { frame: this.frames });
    return true;
  }

  private hear(data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      this.frames += 1;
      this.tell((to) => to.frame(Frame.read(data)));
      return;
    }
    const answer = JSON.parse(data) as Answer;
    this.tell((to) => {
      if (answer.is === "hello") to.hello(answer["menus"] as Menus);
      else if (answer.is === "setup") to.setup(answer as unknown as Setup);
      else if (answer.is === "status") to.status(answer as unknown as Status);
      else if (answer.is === "lesson") to.lesson(answer["lesson"] as Lesson | null);
      else if (answer.is === "inside") to.inside(answer as unknown as UpdateDetail);
      else if (answer.is === "copy") to.copy(String(answer["what"]), String(answer["text"]));
      else if (answer.is === "page") to.keep(String(answer["what"]), String(answer["text"]));
      else if (answer.is === "error") to.faulty(answer as unknown as Fault);
    });
  }

  private tell(what: (to: Listener) => void): void {
    if (this.listener === undefined) this.early.push(what);
    else what(this.listener);
  }
}
