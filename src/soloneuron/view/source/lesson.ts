/** A lesson: its question, what one expects, its parts, and the answer that the runs gave. */

import type { Live } from "./context";
import { button, el, say, sign } from "./dom";
import { open } from "./help";
import type { Lesson } from "./protocol";
import { tally } from "./tally";
import { fileButton } from "./upload";

export class LessonPanel {
  readonly element = el("section", { class: "lesson card", hidden: true });
  private readonly title = el("h2", { tabindex: "-1" });
  private readonly body = el("div", {});
  private readonly act = button("", () => this.next(), { class: "go", hidden: true });
  /** Spoken by readers of screens when it changes. */
  private readonly answer = el("p", { class: "answer", role: "status" });
  private readonly reason = el("div", {});
  private readonly whole: HTMLElement[];
  private lesson: Lesson | null = null;
  private shown = "";
  /** Whether somebody has just asked for a lesson, so that the focus goes to it. */
  private asked = false;
  private next: () => void = () => undefined;

  constructor(private readonly page: Live) {
    const { words } = page;
    const leave = button(words.say("lesson.leave"), () => page.study(""), { class: "text" });
    const head = el("div", { class: "row" }, this.title, leave);
    this.whole = [head, this.body, this.answer, this.reason, this.act];
  }

  /** Show a lesson as it stands; nothing is built anew unless something has changed. */
  update(lesson: Lesson | null): void {
    const key = JSON.stringify([lesson, this.page.playing]);
    if (key === this.shown) return;
    this.shown = key;
    const [old, before] = [this.lesson?.name, this.lesson?.predicted];
    this.lesson = lesson;
    this.element.hidden = lesson === null;
    if (lesson === null) this.element.replaceChildren();
    else if (old === undefined) this.element.append(...this.whole);
    document.body.classList.toggle("learning", lesson !== null);
    if (lesson === null) return;
    const { words, menus } = this.page;
    const place = { number: menus.lessons.indexOf(lesson.name) + 1, count: menus.lessons.length };
    this.element.setAttribute("aria-label", words.say("lesson.title"));
    this.title.replaceChildren(this.word("title"), el("small", {}, words.say("lesson.place", place)));
    const asking = lesson.name === old && before === null && lesson.predicted === null;
    if (!asking) {
      const focus = this.focus();
      this.body.replaceChildren(
        el("p", { class: "question" }, this.word("question")),
        lesson.predicted === null ? this.form(lesson) : this.parts(lesson),
        tally(words, lesson.name, lesson.choices.map((value) => [value, this.word(`choices.${value}`)])),
      );
      this.element.querySelector<HTMLElement>(`[data-focus="${focus}"]`)?.focus();
    }
    this.button(lesson);
    this.conclude(lesson);
    if (lesson.name !== old && this.asked) {
      this.asked = false;
      this.title.focus();
    } else if (before === null && lesson.predicted !== null) this.act.focus();
  }

  /** All lessons, to choose from. */
  list(): void {
    const { words, menus } = this.page;
    const entries = menus.lessons.map((name) =>
      el(
        "li",
        {},
        button(words.of(`lessons.${name}.title`) ?? name, () => {
          document.querySelector("dialog")?.close();
          this.study(name);
        }, { class: "text", "aria-current": String(name === this.lesson?.name) }),
      ),
    );
    const hint = el("p", { class: "hint" }, words.say("lesson.list_hint"));
    open(words, words.say("lesson.list"), hint, el("ol", {}, ...entries), ...fileButton(this.page, words.say("lesson.open"), ".json"));
  }

  /** Go to a lesson; all is built anew, for a file's lesson is called as the file's before. */
  study(name: string): void {
    this.asked = true;
    this.shown = "";
    this.lesson = null;
    this.page.study(name);
    this.update(this.page.lesson);
  }

  private word(key: string, fields: Record<string, unknown> = {}): string {
    const all = { ...this.lesson?.fields, ...fields };
    return this.page.words.of(`lessons.${this.lesson?.name}.${key}`, all) ?? "";
  }

  private focus(): string | undefined {
    return document.activeElement?.closest<HTMLElement>("[data-focus]")?.dataset["focus"];
  }

  private form(lesson: Lesson): HTMLElement {
    const { words } = this.page;
    const choices = lesson.choices.map((value) =>
      el("label", { class: "check" }, el("input", { type: "radio", name: "choice", value, required: true }), this.word(`choices.${value}`)),
    );
    const form = el(
      "form",
      {
        submit: (event) => {
          event.preventDefault();
          this.page.predict(String(new FormData(form).get("choice")));
        },
      },
      el("fieldset", { role: "radiogroup" }, el("legend", {}, words.say("lesson.expect")), ...choices),
      el(
        "div",
        { class: "row" },
        el("button", { class: "go" }, words.say("lesson.predict")),
        button(words.say("lesson.skip"), () => this.page.predict("skipped"), { class: "text" }),
      ),
    );
    return form;
  }

  private parts(lesson: Lesson): HTMLElement {
    const { words } = this.page;
    const parts = lesson.steps.map((step, i) => {
      const title = words.say(step.done ? "lesson.again" : "lesson.play", { part: i + 1 });
      const play = sign(step.done ? "✓" : String(i + 1), title, () => this.page.teach(i), { "data-focus": `part${i}` });
      return el("li", { "aria-current": lesson.at === i ? "step" : "false" }, play, this.word(`steps.${i + 1}`));
    });
    const strayed = lesson.at === null ? el("p", { class: "hint" }, words.say("lesson.strayed")) : null;
    return el("div", {}, el("ol", { class: "parts" }, ...parts), strayed);
  }

  /** One button leads through the lesson; what it does now. */
  private button(lesson: Lesson): void {
    const { page } = this;
    const { words } = page;
    const first = lesson.steps.findIndex((step) => !step.done);
    const at = lesson.steps[lesson.at ?? -1];
    let label: string;
    if (first < 0) {
      const { next } = lesson;
      label = words.say(next === null ? "lesson.list" : "lesson.next", { title: words.of(`lessons.${next}.title`) });
      this.next = () => (next === null ? this.list() : this.study(next));
    } else if (page.playing && at?.done === false) {
      label = words.say("lesson.hurry", { part: (lesson.at ?? 0) + 1 });
      this.next = () => page.go(at.until);
    } else {
      label = words.say(at === undefined ? "lesson.back" : "lesson.play", { part: first + 1 });
      this.next = () => page.teach(first);
    }
    this.act.hidden = lesson.predicted === null;
    say(this.act, label);
  }

  private conclude(lesson: Lesson): void {
    const { words } = this.page;
    const { answer } = lesson;
    this.reason.replaceChildren();
    if (answer === null) return say(this.answer, "");
    const missing = words.say("lesson.never");
    const numbers = Object.fromEntries(Object.entries(answer.fields).map(([name, value]) => [name, value ?? missing]));
    const verdict =
      answer.right === null
        ? ""
        : words.say(answer.right ? "lesson.right" : "lesson.wrong", { choice: this.word(`choices.${lesson.predicted}`) });
    const found = this.word(`answers.${answer.code}`, numbers) || words.say("lesson.unclear");
    say(this.answer, [verdict, found, this.word("measured", numbers)].join(" ").trim());
    const formulas = lesson.formulas.map((key) =>
      el("p", {}, `${words.of(`${key}.title`)}: `, el("code", {}, words.of(`${key}.formula`) ?? "")),
    );
    this.reason.append(
      el("p", {}, answer.expected ? this.word("why") : words.say("lesson.surprise")),
      el(
        "details",
        {},
        el("summary", {}, words.say("lesson.formula")),
        ...formulas,
        this.word("docs") === "" ? null : el("p", { class: "hint" }, words.say("lesson.docs", { path: `docs/${words.language}/${this.word("docs")}` })),
      ),
    );
  }
}
