/** The playground: what is shown now, and what people want of it. */

import type { Command, Live } from "./context";
import { calm } from "./dom";
import { carry, showHelp } from "./help";
import { wordsOf } from "./language";
import { Layout } from "./layout";
import { addressOf, linkOf } from "./link";
import { COUNT_EVERY, Pace, SPEAK_EVERY } from "./pace";
import type { Config, Fault, Lesson, Menus, Setup } from "./protocol";
import { Race } from "./race";
import { pointsOf, readCsv, suggestColumns } from "./session/csv";
import type { Engine } from "./session/engine";
import { Refusal } from "./session/link";
import { Voice } from "./voice";
import type { Language, Words } from "./words";

export class Playground implements Live {
  menus: Menus = { data: [], loss: [], optimizers: {}, batch: [], lessons: [], most_points: 0, most_steps: 10_000 };
  race: Race | undefined;
  lesson: Lesson | null = null;
  playing = false;
  /** Whether it played when another config was asked for, and shall go on. */
  resume = false;
  speed = 15;
  /** Frames that were really painted, for whoever measures. */
  painted = 0;
  readonly voice = new Voice();
  layout: Layout;
  private readonly counts = new Pace(COUNT_EVERY);
  private readonly speaks = new Pace(SPEAK_EVERY);
  /** Of a config that is asked for, but not sent yet. */
  private timer = 0;

  constructor(
    public words: Words,
    readonly line: Engine,
  ) {
    this.layout = this.lay();
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
    else if (name === "inside") this.layout.drawer.toggle();
    else if (name === "play") this.playing ? this.line.send("pause", {}) : this.play();
    else if (name === "reset") this.go(0);
    else if (name === "step") this.go(step + 1);
    else if (name === "back") this.go(Math.max(0, step - 1));
    else if (name === "seed") this.configure({ seed: ((this.race?.setup.config.seed ?? 0) + 1) % 2 ** 31 });
    else if (name === "link") void carry(this, this.words.say("bar.link"), addressOf(this.race));
    else if (name === "replay" || name === "report") {
      this.notify(this.words.say("page.saving"));
      this.line.send(name, { language: this.words.language });
    } else if (name === "python") this.line.send(name, { runner: this.race?.shown(0) ?? 0 });
    else this.line.send(name, {});
  }

  play(until = this.menus.most_steps): void {
    this.line.send("play", { until });
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
    this.layout.panel.build();
    this.refresh();
    this.layout.stage.repaint();
  }

  upload(file: File): void {
    void (async () => {
      const table = readCsv(new Uint8Array(await file.arrayBuffer()), file.name);
      const { points, said } = pointsOf(table, suggestColumns(table));
      this.configure({ data: "own", points });
      for (const { key, fields } of said) this.notify(this.words.of(key, fields) ?? key);
    })().catch((fault: unknown) => {
      if (!(fault instanceof Refusal)) throw fault;
      this.refuse({ ...fault, message: fault.code });
    });
  }

  inspect(runner: number, row: number): void {
    this.line.send("inside", { of: [runner, row] });
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
    const step = this.lesson?.steps[part];
    this.line.send("lesson", { part });
    if (calm()) this.go(step?.until ?? 0);
  }

  notify(sentence: string): void {
    this.voice.notify(sentence);
  }

  translate(language: Language): void {
    void wordsOf(language).then((words) => {
      const { open } = this.layout.drawer;
      this.words = words;
      history.replaceState(history.state, "", `${location.pathname}${location.search}#lang=${language}`);
      this.layout = this.lay();
      if (this.race !== undefined) this.layout.build(this.race);
      this.refresh();
      this.layout.school.update(this.lesson);
      if (open) this.layout.drawer.toggle();
      document.querySelector<HTMLElement>(".language")?.focus();
    });
  }

  // How it is shown.

  /** A new race. The optimizer that was shown stays so, and what was asked for meanwhile stays asked for. */
  open(setup: Setup): void {
    const { chosen = 0, wanted } = this.race ?? {};
    const race = (this.race = new Race(setup));
    if (this.timer > 0 && wanted !== undefined) race.wanted = wanted;
    race.chosen = Math.min(chosen, setup.config.optimizers.length - 1);
    this.layout.build(race);
  }

  /** Say what is wrong; the controls show again what is. */
  refuse(fault: Fault): void {
    this.voice.complain(this.words.fault(fault.code, fault.fields) ?? fault.message);
    if (this.race === undefined) return;
    this.race.wanted = this.race.setup.config;
    this.layout.panel.build();
  }

  /** Show, and from time to time say, what the server says of the race. */
  refresh(): void {
    const { layout, race } = this;
    if (race?.status === undefined) return;
    layout.update(race, this.lesson);
    if (!this.speaks.due(this.playing)) return;
    layout.stage.describe();
    if (race.step > 0) this.voice.tell(this.words.say("page.live", { step: race.step, loss: race.now?.loss(0) ?? 0 }));
  }

  private lay(): Layout {
    return new Layout(this, this.voice, () => this.shown());
  }

  /** A paint is done: the receipt for the server, if there was something new, and what follows from it. */
  private shown(): void {
    const { race } = this;
    if (race === undefined || !this.line.seen()) return;
    this.painted += 1;
    if (this.painted === 1) performance.mark("painted");
    if (this.counts.due(this.playing)) this.layout.count(race);
    document.body.dataset["step"] = String(race.step);
  }
}
