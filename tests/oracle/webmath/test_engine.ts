/** What test_engine.py asks: an engine that is told things, with a screen that is painted as fast as it can. */

import type { Requests } from "@page/session/engine";
import { Engine } from "@page/session/engine";

type Answer = { is: string } & Record<string, unknown>;
type Request = { do: keyof Requests } & Record<string, unknown>;

let paints: ((now: number) => void)[] = [];
let clock = 0;
Object.assign(globalThis, {
  requestAnimationFrame: (paint: (now: number) => void) => paints.push(paint),
  cancelAnimationFrame: () => (paints = []),
});

/** Sixty frames a second, until nobody wants one any more. */
function paint(most: number): void {
  for (let frame = 0; frame < most && paints.length > 0; frame++) {
    const due = paints;
    paints = [];
    clock += 1000 / 60;
    for (const one of due) one(clock);
  }
}

/** All that an engine answers to some requests; `paint` lets so many frames pass. */
function answered({ link, requests }: { link: string; requests: (Request | { paint: number })[] }): Answer[] {
  paints = [];
  const answers: Answer[] = [];
  const hear = (is: string) => (told: unknown): void => void answers.push({ is, told });
  const engine = new Engine(link);
  engine.attach({
    setup: hear("setup"),
    frame: ({ step, recorded }) => answers.push({ is: "frame", step, recorded }),
    status: hear("status"),
    lesson: hear("lesson"),
    inside: hear("inside"),
    copy: (what, text) => answers.push({ is: "copy", what, text }),
    keep: () => undefined,
    arrived: (step) => answers.push({ is: "arrived", step }),
    faulty: hear("error"),
  });
  for (const request of requests) {
    answers.push({ is: "asked" });
    if ("paint" in request) {
      paint(request.paint as number);
      continue;
    }
    const { do: what, ...words } = request;
    engine.send(what as keyof Requests, words as never);
  }
  return answers;
}

export const answers = { answered };
