/** What the page says to everybody, readers of screens too; it outlives a change of language. */

import { el, say } from "./dom";

export class Voice {
  readonly fault = el("p", { class: "fault", role: "alert" });
  readonly live = el("p", { class: "hidden", role: "status" });

  /** Something is wrong; an empty sentence takes it back. */
  complain(sentence: string): void {
    say(this.fault, sentence);
  }

  /** For readers of screens only: others see it. */
  tell(sentence: string): void {
    say(this.live, sentence);
  }

  /** Something is done; the note is seen for a while. */
  notify(sentence: string): void {
    this.tell(sentence);
    const note = el("p", { class: "note", "aria-hidden": "true" }, sentence);
    document.body.append(note);
    window.setTimeout(() => note.remove(), 3500);
  }
}
