/** All parts of the page in one language, and where they stand. */

import type { Live } from "./context";
import { button, el, sign } from "./dom";
import { letDrag } from "./dragging";
import { bareNames, featureNames } from "./feature_names";
import { addressed, RAVINE, showFew } from "./first";
import { Inside } from "./inside";
import { LessonPanel } from "./lesson";
import { NeuronPicture } from "./neuron_picture";
import { Panel } from "./panel";
import { click } from "./points";
import type { Lesson } from "./protocol";
import type { Race } from "./race";
import { RunBar } from "./runbar";
import { Stage } from "./stage";
import { Story } from "./story";
import { Table } from "./table";
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
    this.stage = new Stage(page, painted, {
      neuron: (race, loss) => new NeuronPicture(page, race, loss),
      names: (race) => featureNames(race.setup.config, page.words),
      weights: (race) => bareNames(race.setup.config, page.words),
      click: (...place) => click(page, ...place),
      drag: (chart, again) => letDrag(chart, (u, v) => page.configure({ start: [Number(u.toFixed(2)), Number(v.toFixed(2))] }), again),
    });
    this.table = new Table(page, undefined, new PageNotes(page));
    document.documentElement.lang = page.words.language;
    document.title = page.words.say("page.title");
    document.getElementById("app")?.replaceChildren(this.header(), this.main(voice));
    showFew();
  }

  /** Everything anew for a new race. */
  build(race: Race): void {
    this.panel.build();
    this.stage.build(race);
    this.table.build(race);
    this.bar.update();
    this.question.hidden = addressed() !== RAVINE;
  }

  /** What is to be said of the race is different now. */
  update(race: Race, lesson: Lesson | null): void {
    if (race.status === undefined) return;
    this.panel.update(race.status);
    this.school.update(lesson);
    this.story.update(race);
    this.count(race);
    if (!this.page.playing) this.stage.repaint();
    this.drawer.update();
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
    return el(
      "header",
      {},
      button(words.say("first.skip"), () => this.stage.element.focus(), { class: "hidden skip" }),
      el("h1", {}, "soloneuron", el("small", {}, words.say("page.subtitle"))),
      el(
        "div",
        { class: "tools" },
        button(words.say("first.all"), () => showFew(false), { class: "text all" }),
        button(words.say("lesson.list"), () => this.school.list(), { class: "text lessons" }),
        button(words.say("page.other_language"), () => page.translate(other), { lang: other, class: "text language" }),
        sign("?", words.say("bar.help"), () => page.command("help"), { class: "sign help" }),
      ),
    );
  }

  private main(voice: Voice): HTMLElement {
    this.question.append(this.page.words.say("first.question"));
    const main = el("main", { "data-tab": "stage" }, voice.fault, this.school.element, this.question, this.story.element, this.bar.element);
    const numbers = el("section", { class: "numbers" }, this.table.element);
    const views = el("div", { class: "views" }, this.panel.element, this.stage.element, this.stage.curves, numbers, this.stage.deep);
    main.append(this.drawer.element, tabs(this.page.words, main), views, voice.live);
    return main;
  }
}
