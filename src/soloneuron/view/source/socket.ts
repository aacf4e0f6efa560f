/** The line to the server: JSON in both directions, frames as bytes, each acknowledged when it was shown. */

import type { Look } from "./inside";
import type { Fault, Menus, Setup, Status } from "./protocol";
import { Frame } from "./protocol";

export interface Listener {
  hello(menus: Menus): void;
  setup(setup: Setup): void;
  frame(frame: Frame): void;
  status(status: Status): void;
  inside(look: Look): void;
  copy(what: string, text: string): void;
  faulty(fault: Fault): void;
  closed(): void;
}

type Answer = { is: string } & Record<string, unknown>;

export class Line {
  private readonly socket: WebSocket;
  private frames = 0;

  constructor(private readonly listener: Listener) {
    this.socket = new WebSocket(`ws://${location.host}/ws`);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("message", (event) => this.hear(event.data as string | ArrayBuffer));
    this.socket.addEventListener("close", () => listener.closed());
  }

  send(what: string, more: Record<string, string | number | number[]> = {}): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ do: what, ...more }));
  }

  /** Tell the server that all frames up to now have been shown. */
  seen(): void {
    this.send("seen", { frame: this.frames });
  }

  private hear(data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      this.frames += 1;
      this.listener.frame(new Frame(data));
      return;
    }
    const answer = JSON.parse(data) as Answer;
    const to = this.listener;
    if (answer.is === "hello") to.hello(answer["menus"] as Menus);
    else if (answer.is === "setup") to.setup(answer as unknown as Setup);
    else if (answer.is === "status") to.status(answer as unknown as Status);
    else if (answer.is === "inside") to.inside(answer as unknown as Look);
    else if (answer.is === "copy") to.copy(String(answer["what"]), String(answer["text"]));
    else if (answer.is === "error") to.faulty(answer as unknown as Fault);
  }
}
