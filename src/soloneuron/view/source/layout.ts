/** All parts of the page in one language, and where they stand. */

import type { Live } from "./context";
import { button, el, roving, sign } from "./dom";
import { addressed, RAVINE, showFew } from "./first";
import { Inside } from "./inside";
import { LessonPanel } from "./lesson";
import { PagePictures } from "./live_pictures";
import { LiveStage } from "./live_stage";
import { LiveTable } from "./live_table";
import { Panel } from "./panel";
import type { Lesson } from "./protocol";
import type { Race } from "./race";
import { RunBar } from "./runbar";
import { SharpnessCurve } from "./sharpness";
import type { Stage } from "./stage";
import { Story } from "./story";
import type { Table } from "./table";
import { PageNotes } from "./table_notes";
import { tabs } from "./tabs";
import type { Voice } from "./voice";

export class Layout {
  readonly school: LessonPanel;
  readonly story: Story;
  readonly bar: RunBar;
  readonly drawer: Inside;
  readonly panel: Panel;
  readonly stage: Stage;
  readonly table: Table;
  private readonly sharpness: SharpnessCurve;

  private readonly question = el("h2", { class: "first" });

  constructor(
    private readonly page: Live,
    voice: Voice,
    painted: () => void,
  ) {
    this.school = new LessonPanel(page);
    this.story = new Story(page);
    this.bar = new RunBar(page, undefined, page);
    this.drawer = new Inside(page);
    this.panel = new Panel(page);
    this.sharpness = new SharpnessCurve(page);
    this.bar.element.querySelector(".target")?.after(this.sharpness.toggle);
    const paint = (): void => {
      painted();
      this.sharpness.paint();
    };
    this.stage = new LiveStage(page, paint, new PagePictures(page));
    this.table = new LiveTable(page, [], new PageNotes(page));
    document.documentElement.lang = page.words.language;
    document.title = page.words.say("page.title");
    document.getElementById("app")?.replaceChildren(this.header(), this.main(voice));
    showFew();
  }

  /** Everything anew for a new race. */
  build(race: Race): void {
    document.body.classList.toggle("bare", race.setup.config.surface !== "");
    this.panel.build();
    this.stage.build(race);
    this.sharpness.build(race, this.stage.curves);
    this.table.build(race);
    this.bar.update();
    this.question.hidden = addressed() !== RAVINE;
  }

  /** What is to be said of the race is different now. */
  update(race: Race, lesson: Lesson | null): void {
    if (race.status === undefined) return;
    this.panel.update(race.status);
    this.teach(lesson);
    this.story.update(race);
    this.count(race);
    if (!this.page.playing) this.stage.repaint();
    this.drawer.update();
  }

  /** A lesson, and what it wants to be seen. */
  teach(lesson: Lesson | null): void {
    this.school.update(lesson);
    this.sharpness.update();
  }

  /** The numbers beside the pictures. */
  count(race: Race): void {
    this.bar.update();
    this.table.update(race);
  }

  private header(): HTMLElement {
    const { page } = this;
    const { words } = page;
    const other = words.language === "en" ? "ru" : "en";
    const lessons = button(words.say("lesson.list"), () => this.school.list(), { class: "text lessons" });
    const language = button(words.say("page.other_language"), () => page.translate(other), { lang: other, class: "text language" });
    const help = sign("?", words.say("bar.help"), () => page.command("help"), { class: "sign help" });
    // The first one is the stop at first: lessons can be hidden.
    roving(language, help, lessons);
    return el(
      "header",
      {},
      button(words.say("first.skip"), () => this.stage.element.focus(), { class: "hidden skip" }),
      el("h1", {}, "soloneuron", el("small", {}, words.say("page.subtitle"))),
      el(
        "div",
        { class: "tools" },
        button(words.say("first.all"), () => showFew(false), { class: "text all" }),
        lessons, language, help,
      ),
    );
  }

  private main(voice: Voice): HTMLElement {
    this.question.append(this.page.words.say("first.question"));
    const tab = document.querySelector("main")?.dataset["tab"] ?? "stage";
    const main = el("main", { "data-tab": tab }, voice.fault, this.school.element, this.question, this.story.element, this.bar.element);
    const numbers = el("section", { class: "numbers" }, this.table.element);
    const views = el("div", { class: "views" }, this.panel.element, this.stage.element, this.stage.curves, numbers, this.stage.deep);
    main.append(this.drawer.element, tabs(this.page.words, main), views, voice.live);
    return main;
  }
}
