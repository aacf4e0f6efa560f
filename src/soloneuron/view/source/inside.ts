/** The drawer's place in the page, which is made when it is opened for the first time. */

import type { Live } from "./context";
import { el } from "./dom";
import type { UpdateDetail } from "./drawer";
import { Drawer } from "./drawer";

export type { UpdateDetail } from "./drawer";

export class Inside {
  readonly element: HTMLElement;
  private drawer: Drawer | undefined;

  constructor(private readonly page: Live) {
    const title = page.words.say("inside.title");
    this.element = el("section", { class: "card drawer", hidden: true, tabindex: "-1", "aria-label": title });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  toggle(focus = true): void {
    this.element.hidden = this.open;
    if (this.drawer !== undefined) return this.drawer.toggled(focus);
    this.drawer = new Drawer(this.page, this.element);
    this.drawer.toggled(focus);
  }

  /** The race stands elsewhere now, or is another one. */
  update(): void {
    this.drawer?.update();
  }

  /** What the engine has found. */
  show(detail: UpdateDetail): void {
    this.drawer?.show(detail);
  }
}
