/** The playground's page: it shows what the server trains, and asks for what people want. */

import type { Command, Live } from "./context";
import { linkOf } from "./context";
import { button, download, el, say, sign } from "./dom";
import { showHelp, showText } from "./help";
import type { Look } from "./inside";
import { Inside } from "./inside";
import { listen } from "./keys";
import { landscape } from "./grid";
import { LessonPanel } from "./lesson";
import { Panel } from "./panel";
import type { Config, Fault, Frame, Lesson, Menus, Setup, Status } from "./protocol";
import { Race } from "./race";
import { RunBar } from "./runbar";
import type { Listener } from "./socket";
import { Line } from "./socket";
import { Stage } from "./stage";
import { Story } from "./story";
import { Table } from "./table";
import { tabs } from "./tabs";
import type { Language } from "./words";
import { fill, Words } from "./words";

/** Where the first story ends. */
const STORY = 60;
const SPEAK_EVERY = 4000;
/** Milliseconds between two counts of numbers beside the pictures while they move. */
const COUNT_EVERY = 90;

class Playground implements Live, Listener {
  menus: Menus = { data: [], loss: [], optimizers: {}, batch: [], lessons: [], most_points: 0, most_steps: 10_000 };
  race: Race | undefined;
  playing = false;
  speed = 15;
  /** Frames that were really painted, for whoever measures. */
  painted = 0;
  private readonly fault = el("p", { class: "fault", role: "alert" });
  private readonly live = el("p", { class: "hidden", role: "status" });
  private course: Lesson | null = null;
  private school!: LessonPanel;
  private bar!: RunBar;
  private panel!: Panel;
  private stage!: Stage;
  private story!: Story;
  private table!: Table;
  private drawer!: Inside;
  private unseen = false;
  private fresh = true;
  private resume = false;
  /** The link of the address was of no use: its sentence stays although the defaults open. */
  private spoilt = false;
  private spoken = 0;
  private counted = 0;
  private timer = 0;

  constructor(
    public words: Words,
    private readonly line: Line,
  ) {
    this.layout();
    line.attach(this);
    listen(this);
  }

  // What the server says.

  hello(menus: Menus): void {
    this.menus = menus;
    this.line.send("speed", { speed: this.speed });
  }

  setup(setup: Setup): void {
    const { chosen = 0, wanted } = this.race ?? {};
    this.race = new Race(setup);
    if (this.timer > 0 && wanted !== undefined) this.race.wanted = wanted;
    this.race.chosen = Math.min(chosen, setup.config.optimizers.length - 1);
    if (!this.spoilt) say(this.fault, "");
    this.spoilt = false;
    history.replaceState(null, "", `${location.pathname}${setup.link === "" ? "" : `?${setup.link}`}${location.hash}`);
    this.show();
    if (this.fresh && setup.config.step === 0 && setup.config.lesson === "") this.tell();
    else if (this.resume) this.line.send("play", { until: this.menus.most_steps });
    this.fresh = this.resume = false;
    document.body.dataset["ready"] = "true";
  }

  frame(frame: Frame): void {
    this.race?.take(frame);
    this.unseen = true;
    this.stage.repaint();
  }

  status(status: Status): void {
    if (this.race === undefined) return;
    this.race.status = status;
    this.playing = status.playing;
    this.panel.update(status);
    this.school.update(this.course);
    this.story.update(this.race);
    this.bar.update();
    this.table.update(this.race);
    if (!status.playing) this.stage.repaint();
    this.drawer.update();
    this.speak();
  }

  inside(look: Look): void {
    this.drawer.show(look);
  }

  lesson(lesson: Lesson | null): void {
    const [before, at] = [this.course, lesson?.at ?? -1];
    const ended = before?.name === lesson?.name && lesson?.steps[at]?.done === true && before?.steps[at]?.done === false;
    this.course = lesson;
    if (ended && lesson.steps[at]?.open === "inside" && !this.drawer.open) this.drawer.toggle(false);
    if (lesson !== null) this.speed = lesson.speed;
    say(this.fault, "");
    this.bar.update();
    this.school.update(lesson);
  }

  copy(what: string, text: string): void {
    void this.carry(this.words.say(`bar.${what}`), text);
  }

  keep(what: string, page: string): void {
    download(`soloneuron-${what}.html`, page);
    this.notify(this.words.say("page.saved"));
  }

  complain(sentence: string): void {
    say(this.fault, sentence);
  }

  closed(): void {
    this.playing = false;
    // A server that is full has said so.
    if (this.race ?? !this.fault.textContent) this.complain(this.words.say("page.closed"));
    document.body.dataset["ready"] = "closed";
  }

  faulty(fault: Fault): void {
    this.complain(this.words.fault(fault.code, fault.fields) ?? fault.message);
    if (this.race !== undefined) {
      this.race.wanted = this.race.setup.config;
      this.panel.build();
    } else if (this.fresh) {
      this.fresh = false;
      this.spoilt = true;
      this.line.send("open", { link: "" });
    }
  }

  // What people want.

  configure(changes: Partial<Config>): void {
    if (this.race === undefined) return;
    this.resume = this.playing;
    const config = { ...this.race.wanted, ...changes };
    if (config.data !== "own") config.points = [];
    this.race.wanted = config;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.line.send("open", { link: linkOf(config) });
    }, 25);
  }

  command(name: Command): void {
    const step = this.race?.step ?? 0;
    if (name === "help") showHelp(this.words);
    else if (name === "inside") this.drawer.toggle();
    else if (name === "play") this.line.send(this.playing ? "pause" : "play", this.playing ? {} : { until: this.menus.most_steps });
    else if (name === "reset") this.go(0);
    else if (name === "step") this.go(step + 1);
    else if (name === "back") this.go(Math.max(0, step - 1));
    else if (name === "seed") this.configure({ seed: ((this.race?.setup.config.seed ?? 0) + 1) % 2 ** 31 });
    else if (name === "link") void this.carry(this.words.say("bar.link"), this.address());
    else if (name === "replay" || name === "report") {
      this.notify(this.words.say("page.saving"));
      this.line.send(name, { language: this.words.language });
    } else this.line.send(name);
  }

  look(runner: number, row: number): void {
    this.line.send("inside", { of: [runner, row] });
  }

  go(step: number): void {
    this.line.send("go", { step: Math.min(step, this.menus.most_steps) });
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.line.send("speed", { speed });
  }

  choose(optimizer: number): void {
    if (this.race === undefined) return;
    this.race.chosen = optimizer;
    this.panel.build();
    if (this.race.status !== undefined) this.status(this.race.status);
    this.stage.repaint();
  }

  upload(file: File): void {
    void (async () => {
      const answer = await fetch("csv", { method: "POST", body: file });
      const said = (await answer.json()) as { is: string; link: string; fields: Record<string, unknown> } & Fault;
      if (said.is === "error") return this.faulty(said);
      this.line.send("open", { link: said.link });
      this.notify(this.words.say("page.uploaded", said.fields));
    })().catch(() => this.complain(this.words.say("page.closed")));
  }

  study(lesson: string): void {
    if (lesson === "") this.configure({ lesson });
    else this.line.send("open", { link: `lesson=${lesson}` });
  }

  predict(choice: string): void {
    this.line.send("predict", { choice });
    this.teach(0);
  }

  /** Where motion is not wanted, the end of the part is shown at once. */
  teach(part: number): void {
    const step = this.course?.steps[part];
    this.line.send("lesson", { part });
    if (calm()) this.go(step?.until ?? 0);
  }

  notify(sentence: string): void {
    say(this.live, sentence);
    const note = el("p", { class: "note", "aria-hidden": "true" }, sentence);
    document.body.append(note);
    window.setTimeout(() => note.remove(), 3500);
  }

  // How it is shown.

  /** The first story plays by itself; where motion is not wanted its end is shown. */
  private tell(): void {
    if (calm()) this.go(STORY);
    else this.line.send("play", { until: STORY });
  }

  private layout(): void {
    const { words } = this;
    document.documentElement.lang = words.language;
    document.title = words.say("page.title");
    this.school = new LessonPanel(this);
    this.bar = new RunBar(this);
    this.panel = new Panel(this);
    this.stage = new Stage(this, () => this.shown());
    this.story = new Story(this);
    this.table = new Table(this);
    this.drawer = new Inside(this);
    const other: Language = words.language === "en" ? "ru" : "en";
    const numbers = el("section", { class: "numbers" }, this.table.element);
    const header = el(
      "header",
      {},
      el("h1", {}, "soloneuron", el("small", {}, words.say("page.subtitle"))),
      el(
        "div",
        { class: "tools" },
        button(words.say("lesson.list"), () => this.school.list(), { class: "text lessons" }),
        button(words.say("page.other_language"), () => void this.speakIn(other), { lang: other, class: "text language" }),
        sign("?", words.say("bar.help"), () => this.command("help"), { class: "sign help" }),
      ),
    );
    const views = { panel: this.panel.element, stage: this.stage.element, curves: this.stage.curves, numbers };
    const main = el("main", { "data-tab": "stage" }, this.fault, this.school.element, this.story.element, this.bar.element);
    main.append(this.drawer.element, tabs(words, main), el("div", { class: "views" }, ...Object.values(views)), this.live);
    document.getElementById("app")?.replaceChildren(header, main);
  }

  private show(): void {
    const { race } = this;
    if (race === undefined) return;
    this.panel.build();
    this.stage.build(race);
    this.table.build(race);
    this.bar.update();
  }

  /** A paint is done: what follows from it, and the receipt for the server. */
  private shown(): void {
    if (this.race === undefined) return;
    if (!this.unseen) return;
    this.unseen = false;
    this.painted += 1;
    if (this.painted === 1) performance.mark("painted");
    this.line.seen();
    if (!this.playing || Date.now() - this.counted > COUNT_EVERY) {
      this.counted = Date.now();
      this.bar.update();
      this.table.update(this.race);
    }
    document.body.dataset["step"] = String(this.race.step);
  }

  private speak(): void {
    if (this.race === undefined || (this.playing && Date.now() - this.spoken < SPEAK_EVERY)) return;
    this.spoken = Date.now();
    this.stage.describe();
    const loss = this.race.now?.loss(0) ?? 0;
    if (this.race.step > 0) say(this.live, this.words.say("page.live", { step: this.race.step, loss }));
  }

  private async speakIn(language: Language): Promise<void> {
    this.words = await Words.load(language);
    const { open } = this.drawer;
    history.replaceState(null, "", `${location.pathname}${location.search}#lang=${language}`);
    this.layout();
    this.show();
    if (this.race?.status !== undefined) this.status(this.race.status);
    this.school.update(this.course);
    if (open) this.drawer.toggle();
    document.querySelector<HTMLElement>(".language")?.focus();
  }

  private address(): string {
    const link = this.race?.setup.link ?? "";
    const kept = link.split("&").filter((word) => word !== "" && !word.startsWith("step="));
    if (this.race !== undefined && this.race.step > 0) kept.push(`step=${this.race.step}`);
    return `${location.origin}${location.pathname}${kept.length > 0 ? `?${kept.join("&")}` : ""}`;
  }

  private async carry(title: string, text: string): Promise<void> {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (done) this.notify(this.words.say("page.copied"));
    showText(this.words, title, text);
  }
}

const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
const language: Language = /[#&]lang=ru\b/.test(location.hash) ? "ru" : "en";
const line = new Line(location.search.slice(1));
const playground = new Playground(await Words.load(language), line);
Object.assign(globalThis, { soloneuron: { playground, landscape, fill } });
