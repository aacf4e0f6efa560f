/** What the engine says, and what the page makes of it. */

import { calm, download } from "./dom";
import { isFirst, showFew } from "./first";
import { carry } from "./help";
import type { UpdateDetail } from "./inside";
import { visit } from "./link";
import type { Playground } from "./playground";
import type { Fault, Frame, Lesson, Setup, Status } from "./protocol";
import { reportCommand } from "./session/save";
import type { Listener } from "./session/engine";

const RUN_FILE = "soloneuron-run.json";
/** Where the first story ends. */
const STORY = 60;

export class MessageHandler implements Listener {
  /** Nothing has been opened yet. */
  private fresh = true;
  /** The link of the address was of no use: its sentence stays although the defaults open. */
  private spoilt = false;

  constructor(
    private readonly page: Playground,
    /** Whether a run at its start tells its story: one that stood there when the page was left does not. */
    private readonly tells: boolean,
  ) {}

  setup(setup: Setup): void {
    const { page } = this;
    const { step, lesson } = setup.config;
    if (!this.spoilt) page.voice.complain("");
    this.spoilt = false;
    visit(setup.link, setup.entry ?? 0);
    page.open(setup);
    if (this.fresh && this.tells && step === 0 && lesson === "" && !isFirst()) this.tell();
    this.fresh = false;
    document.body.dataset["ready"] = "true";
  }

  frame(frame: Frame): void {
    this.page.race?.take(frame);
    this.page.layout.stage.repaint();
  }

  status(status: Status): void {
    const { page } = this;
    if (page.race === undefined) return;
    page.race.status = status;
    page.playing = status.playing;
    page.refresh();
    if (!status.playing) page.remember();
  }

  inside(detail: UpdateDetail): void {
    this.page.layout.drawer.show(detail);
  }

  lesson(lesson: Lesson | null): void {
    const { page } = this;
    const { bar, drawer } = page.layout;
    const [before, at] = [page.lesson, lesson?.at ?? -1];
    const ended = before?.name === lesson?.name && lesson?.steps[at]?.done === true && before?.steps[at]?.done === false;
    page.lesson = lesson;
    if (ended && lesson.steps[at]?.open === "inside" && !drawer.open) drawer.toggle(false);
    if (lesson !== null) {
      page.speed = lesson.speed;
      showFew(false);
    }
    page.voice.complain("");
    bar.update();
    page.layout.teach(lesson);
  }

  copy(what: string, text: string): void {
    void carry(this.page, this.page.words.say(`bar.${what}`), text);
  }

  keep(what: string, content: string): void {
    const { page } = this;
    if (what === "replay") {
      download("soloneuron-replay.html", content);
      return page.notify(page.words.say("page.saved"));
    }
    // A report is made by Python: the page gives what it is made of, and the command that does it.
    download(RUN_FILE, content, "application/json");
    void carry(page, page.words.say("bar.report"), reportCommand(RUN_FILE, page.words.language));
  }

  arrived(step: number): void {
    this.page.notify(this.page.words.say("page.arrived", { step }));
  }

  faulty(fault: Fault): void {
    const { page } = this;
    page.refuse(fault);
    if (page.race !== undefined || !this.fresh) return;
    this.fresh = false;
    this.spoilt = true;
    page.engine.send("open", { link: "" });
  }

  /** The first story plays by itself; where motion is not wanted its end is shown. */
  private tell(): void {
    if (calm()) this.page.go(STORY);
    else this.page.play(STORY);
  }
}
