/** The playground: what is shown now, and what people want of it. */

import { listenToDarkness } from "./colors";
import type { Command, Live } from "./context";
import { calm } from "./dom";
import { featureNames } from "./feature_names";
import { addressed } from "./first";
import { LIMITS, MENUS } from "./generated/catalogue";
import { carry, showHelp } from "./help";
import { teachWords, wordsOf } from "./language";
import { Layout } from "./layout";
import { addressOf, entryOf, isHere, sayBeside } from "./link";
import { COUNT_EVERY, Pace, SPEAK_EVERY } from "./pace";
import { ownPoints } from "./points";
import type { Config, Fault, Lesson, Menus, Point, Setup } from "./protocol";
import { Race } from "./race";
import { remember } from "./remembered";
import { fixedIn, hides, isFrame, runOf } from "./restrictions";
import type { Engine } from "./session/engine";
import { firstRate } from "./session/link_words";
import { Refusal } from "./session/link";
import { featureName } from "./session/link_words";
import { packedLesson, takeLesson } from "./session/own_lesson";
import { fileOf, openTable } from "./upload";
import { Voice } from "./voice";
import type { Language, Words } from "./words";
import { faultSentence } from "./words";

export class Playground implements Live {
  /** With the rates that suit the race. */
  menus: Menus = MENUS;
  race: Race | undefined;
  lesson: Lesson | null = null;
  playing = false;
  speed = 15;
  stops = true;
  sharp: boolean | undefined;
  /** Frames that were really painted, for whoever measures. */
  painted = 0;
  readonly voice = new Voice();
  layout: Layout;
  private readonly counts = new Pace(COUNT_EVERY);
  private readonly speaks = new Pace(SPEAK_EVERY);
  /** Of a config that is asked for, but not sent yet. */
  private timer = 0;
  /** The browser keeps nothing, and that was said; in a notebook it goes without saying. */
  private forgetful = isFrame();
  private pending: Partial<Config> = {};

  constructor(
    public words: Words,
    readonly engine: Engine,
  ) {
    engine.naming = (config) => featureNames(config, this.words).map(featureName);
    this.layout = this.lay();
    listenToDarkness(() => this.layout.stage.repaint());
  }

  // What people want.

  configure(changes: Partial<Config>): boolean {
    const more = changes.data !== undefined && changes.data !== "own" ? { ...changes, points: [], names: [] } : changes;
    if (this.race === undefined || this.keeps(fixedIn(more, this.race.wanted))) return false;
    this.race.wanted = { ...this.race.wanted, ...more };
    this.pending = { ...this.pending, ...more };
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), 25);
    return true;
  }

  /** Points by hand: at the start they become the data, later they come and go from here on. */
  editPoints(add: Point[], drop: number[]): void {
    const { wanted } = this.race ?? {};
    if (wanted !== undefined && this.keeps(fixedIn({ points: [[0, 0, 0]] }, wanted))) return;
    if ((this.race?.step ?? 0) > 0) return this.engine.send("change", { changes: { add, drop } });
    const points = ownPoints(this).filter((_, row) => !drop.includes(row));
    const names = wanted === undefined ? [] : this.engine.naming(wanted);
    this.configure({ data: "own", points: [...points, ...add], names });
  }

  command(name: Command): void {
    if (hides(name)) return;
    this.flush();
    const step = this.race?.step ?? 0;
    if (name === "help") showHelp(this.words);
    else if (name === "inside") this.layout.drawer.toggle();
    else if (name === "play") this.playing ? this.engine.send("pause", {}) : this.play();
    else if (name === "undo" || name === "redo") this.travel(name);
    else if (name === "reset") this.engine.send(name, {});
    else if (name === "step") this.go(step + 1);
    else if (name === "back") this.go(Math.max(0, step - 1));
    else if (name === "seed") this.configure({ seed: ((this.race?.wanted.seed ?? 0) + 1) % (LIMITS.most_seed + 1) });
    else if (name === "link") void carry(this, this.words.say("bar.link"), addressOf(this.race));
    else if (name === "replay" || name === "report") {
      this.notify(this.words.say("page.saving"));
      this.engine.send(name, { words: this.words });
    } else if (name === "python") this.engine.send(name, { runner: this.race?.shown(0) ?? 0 });
    else this.engine.send(name, {});
  }

  /** Take a change back, or do it again; the browser's history goes along where it knows of it. */
  private travel(name: "undo" | "redo"): void {
    const { setup } = this.race ?? {};
    if (setup?.[name] !== true) return;
    if (!isHere(setup.entry)) this.engine.send(name, {});
    else if (name === "undo") history.back();
    else history.forward();
  }

  /** The browser went back or on. */
  revisit(state: unknown): void {
    const at = entryOf(state);
    const link = runOf(addressed());
    if (at !== undefined) this.engine.send("entry", isFrame() ? { at } : { at, link });
    else if (link !== this.race?.setup.link) this.engine.send("open", { link });
  }

  play(until = this.menus.most_steps): void {
    this.engine.send("play", { until });
  }

  go(step: number): void {
    this.engine.send("go", { step: Math.min(step, this.menus.most_steps) });
  }

  stopAtTarget(stops: boolean): void {
    this.stops = stops;
    this.engine.send("target", { stops });
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.engine.send("speed", { speed });
  }

  choose(optimizer: number): void {
    if (this.race === undefined) return;
    this.race.chosen = optimizer;
    this.layout.panel.build();
    this.refresh();
    this.layout.stage.repaint();
  }

  async upload(files: FileList | null): Promise<void> {
    if (files === null || files.length === 0) return;
    document.querySelector("dialog")?.close();
    try {
      const { name, bytes, lesson } = await fileOf(files);
      if (lesson === undefined) openTable(this, bytes, name);
      else if (!this.keeps(hides("lessons") ? "lessons" : undefined)) {
        teachWords(takeLesson(lesson));
        this.layout.school.study("own");
        sayBeside("lesson", await packedLesson(lesson));
      }
    } catch (fault) {
      this.refuseFault(fault);
    }
  }

  inspect(runner: number, row: number): void {
    this.engine.send("inside", { of: [runner, row] });
  }

  study(lesson: string): void {
    if (lesson === "") this.engine.send("change", { changes: { lesson } });
    else this.engine.send("open", { link: `lesson=${lesson}` });
  }

  predict(choice: string): void {
    this.engine.send("predict", { choice });
    this.teach(0);
  }

  /** Where motion is not wanted, the end of the part is shown at once. */
  teach(part: number): void {
    const step = this.lesson?.steps[part];
    this.engine.send("lesson", { part });
    if (calm()) this.go(step?.until ?? 0);
  }

  notify(sentence: string): void {
    this.voice.notify(sentence);
  }

  translate(language: Language): void {
    const { open } = this.layout.drawer;
    const before = kept();
    this.words = wordsOf(language);
    sayBeside("lang", language);
    this.layout = this.lay();
    if (this.race !== undefined) this.layout.build(this.race);
    this.refresh();
    this.layout.school.update(this.lesson);
    if (open) this.layout.drawer.toggle();
    kept().forEach((one, i) => {
      const { open, value, checked } = before[i] ?? one;
      Object.assign(one, { open, value, checked });
    });
    document.querySelector<HTMLElement>(".language")?.focus();
  }

  /** Keep where the run stands, for a reload. */
  remember(): void {
    const { race } = this;
    if (race === undefined || remember(race.setup.link, race.step) || this.forgetful) return;
    this.forgetful = true;
    this.notify(this.words.say("page.storage"));
  }

  // How it is shown.

  /** A new race. The optimizer that was shown stays so, and what was asked for meanwhile stays asked for. */
  open(setup: Setup): void {
    const { chosen = 0, wanted } = this.race ?? {};
    const race = (this.race = new Race(setup));
    const rates = Object.keys(MENUS.optimizers).map((name) => [name, firstRate(name, setup.config.surface)]);
    this.menus = { ...this.menus, optimizers: Object.fromEntries(rates) };
    if (this.timer > 0 && wanted !== undefined) race.wanted = wanted;
    race.chosen = Math.min(chosen, setup.config.optimizers.length - 1);
    this.layout.build(race);
  }

  /** Say what is wrong; the controls show again what is. */
  refuse(fault: Fault): void {
    this.voice.complain(faultSentence(this.words, fault));
    if (this.race === undefined) return;
    this.race.wanted = this.race.setup.config;
    this.layout.panel.build();
  }

  refuseFault(fault: unknown): void {
    if (!(fault instanceof Refusal)) throw fault;
    this.refuse(fault);
  }

  /** Show, and from time to time say, what is to be said of the race. */
  refresh(): void {
    const { layout, race } = this;
    if (race?.status === undefined) return;
    layout.update(race, this.lesson);
    if (!this.speaks.due(this.playing)) return;
    layout.stage.describe();
    if (race.step > 0) this.voice.tell(this.words.say("page.live", { step: race.step, loss: race.now?.loss(0) ?? 0 }));
  }

  /** Ask for what was changed since the last time, at once. */
  private flush(): void {
    window.clearTimeout(this.timer);
    const changes = this.pending;
    this.timer = 0;
    this.pending = {};
    if (Object.keys(changes).length > 0) this.engine.send("change", { changes });
  }

  /** Whether a control is kept as it is, which is said. */
  private keeps(name: string | undefined): boolean {
    if (name !== undefined) this.refuse({ code: "playground.locked", fields: { name } });
    return name !== undefined;
  }

  private lay(): Layout {
    return new Layout(this, this.voice, () => this.shown());
  }

  /** A paint is done: the engine is told, if there was something new, and what follows from it. */
  private shown(): void {
    const { race } = this;
    if (race === undefined || !this.engine.seen()) return;
    this.painted += 1;
    if (this.painted === 1) performance.mark("painted");
    if (this.counts.due(this.playing)) this.layout.count(race);
    document.body.dataset["step"] = String(race.step);
  }
}

/** What people unfold, type and tick on the page, and nothing else knows of. */
function kept(): (HTMLDetailsElement & HTMLInputElement)[] {
  return [...document.querySelectorAll<HTMLDetailsElement & HTMLInputElement>("details, details :is(input, select), [type=radio]")];
}
