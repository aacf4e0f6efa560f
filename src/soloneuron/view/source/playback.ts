/** A race that plays from its recording: one file, no server. */

import type { Command, Page } from "./context";
import { listenToDarkness } from "./colors";
import { SPEEDS } from "./generated/catalogue";
import { button, el, say, select, sign } from "./dom";
import { showHelp } from "./help";
import { listen } from "./keys";
import { COUNT_EVERY, Pace, SPEAK_EVERY } from "./pace";
import { Race } from "./race";
import type { Playback } from "./recording";
import { unpack } from "./recording";
import { RunBar } from "./runbar";
import { Stage } from "./stage";
import { Table } from "./table";
import { general, short, Words } from "./words";

/** Seconds that a replay lasts at most, if one of the speeds allows it. */
const LASTS = 12;

class Replay implements Page {
  readonly menus = { data: [], terms: {}, loss: [], optimizers: {}, batch: [], lessons: [], most_steps: 0 };
  readonly words: Words;
  readonly race: Race;
  playing = false;
  speed: number;
  /** Frames that were really painted, for whoever measures. */
  painted = 0;
  private readonly last: number;
  private readonly line = el("p", { class: "line" });
  private readonly warnings = el("ul", { class: "warnings" });
  private readonly live = el("p", { class: "hidden", role: "status" });
  private readonly bar: RunBar;
  private readonly stage: Stage;
  private readonly table: Table;
  private clock = 0;
  private before = 0;
  private readonly counts = new Pace(COUNT_EVERY);
  private readonly speaks = new Pace(SPEAK_EVERY);

  constructor(private readonly playback: Playback) {
    const { recording, steps, frames } = playback;
    this.words = new Words(recording.language, recording.words);
    this.race = new Race(recording.setup);
    for (const frame of frames) this.race.take(frame);
    const [begin] = frames;
    recording.setup.starts = recording.setup.runners.map((_, runner) => [begin?.theta(runner, 0) ?? 0, begin?.theta(runner, 1) ?? 0]);
    this.last = steps.at(-1) ?? 0;
    this.race.first = steps[0] ?? 0;
    this.speed = SPEEDS.find((speed) => (this.last - this.race.first) / speed <= LASTS) ?? (SPEEDS.at(-1) as number);
    this.bar = new RunBar(this, []);
    this.stage = new Stage(this, () => this.shown());
    // Where nobody ever has so many points right, there is nothing to wait for.
    const learns = recording.tracks.some(({ learned }) => learned !== null);
    this.table = new Table(this, ["loss", "accuracy", "gradient", ...(learns ? ["learned"] : []), "reached"]);
    this.layout();
    this.stage.build(this.race);
    this.table.build(this.race);
    listen(this, (place) => this.choose(place));
    listenToDarkness(() => this.stage.repaint());
    this.show(this.last);
    document.body.dataset["ready"] = "true";
  }

  // What people want.

  command(name: Command): void {
    const { step } = this.race;
    if (name === "help") showHelp(this.words);
    else if (name === "play") this.playing ? this.pause() : this.play();
    else if (name === "reset") this.go(0);
    else if (name === "step") this.go(this.playback.steps.find((other) => other > step) ?? step);
    else if (name === "back") this.go(this.playback.steps.findLast((other) => other < step) ?? step);
  }

  go(step: number): void {
    this.pause();
    this.show(step);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
  }

  choose(place: number): void {
    const most = Math.max(...this.race.setup.config.loss.map((_, loss) => this.race.runners(loss).length));
    if (place >= most) return;
    this.race.chosen = place;
    const box = document.querySelector<HTMLSelectElement>(".shown select");
    if (box !== null) box.value = String(place);
    this.stage.repaint();
  }

  notify(sentence: string): void {
    say(this.live, sentence);
  }

  // How it plays.

  private play(): void {
    if (this.race.step >= this.last) this.show(0);
    this.playing = true;
    this.clock = this.race.step;
    this.before = performance.now();
    requestAnimationFrame((now) => this.tick(now));
    this.count();
  }

  private pause(): void {
    if (!this.playing) return;
    this.playing = false;
    this.count();
  }

  private tick(now: number): void {
    if (!this.playing) return;
    this.clock = Math.min(this.last, this.clock + (Math.max(0, now - this.before) / 1000) * this.speed);
    this.before = now;
    this.show(this.clock);
    if (this.clock >= this.last) this.pause();
    else requestAnimationFrame((next) => this.tick(next));
  }

  /** Show the last recorded step up to a moment. */
  private show(moment: number): void {
    this.race.step = this.playback.steps.findLast((step) => step <= moment) ?? this.race.first;
    this.stage.repaint();
    if (!this.playing) this.count();
  }

  private shown(): void {
    this.painted += 1;
    if (this.playing && this.counts.due(true)) this.count();
    document.body.dataset["step"] = String(this.race.step);
  }

  // What it says.

  private count(): void {
    const { race } = this;
    const seen = (step: number | null): number | null => (step !== null && step <= race.step ? step : null);
    race.status = {
      step: race.step,
      playing: this.playing,
      runners: this.playback.recording.tracks.map((track) => ({
        code: "", fields: {}, beside: [], limits: null, learned: seen(track.learned), reached: seen(track.reached),
      })),
    };
    this.bar.update();
    this.table.update(race);
    this.warn();
    say(this.line, this.leader());
    if (!this.speaks.due(this.playing)) return;
    this.stage.describe();
    say(this.live, this.line.textContent ?? "");
  }

  /** Whose loss is lowest now, and who learned first: for every loss. */
  private leader(): string {
    const { race } = this;
    const { loss: losses } = race.setup.config;
    return losses
      .map((loss, side) => {
        const runners = race.runners(side);
        const said = `${this.lowest(runners)} ${runners.length > 1 ? this.learned(runners) : ""}`;
        return (losses.length > 1 ? `${short(loss)}: ` : "") + said.trim();
      })
      .join(" ");
  }

  /** A loss that four digits cannot tell from the lowest is the lowest too. */
  private lowest(runners: number[]): string {
    const { race, words } = this;
    const { now } = race;
    if (now === undefined) return "";
    const told = (runner: number): string => general(now.loss(runner), 4);
    const least = runners.reduce((one, other) => (now.loss(other) < now.loss(one) ? other : one));
    const best = runners.filter((runner) => told(runner) === told(least));
    const fields = { step: race.step, loss: now.loss(least), accuracy: now.accuracy(least), best: this.names(best) };
    if (runners.length === 1) return words.say("replay.alone", fields);
    return words.say(best.length === runners.length ? "replay.even" : "replay.lead", fields);
  }

  private learned(runners: number[]): string {
    if (runners.every((runner) => this.playback.recording.tracks[runner]?.learned === null)) return "";
    const when = (runner: number): number => this.race.status?.runners[runner]?.learned ?? Infinity;
    const learned = Math.min(...runners.map(when));
    if (learned === Infinity) return this.words.say("replay.nobody");
    return this.words.say("replay.first", { first: this.names(runners.filter((runner) => when(runner) === learned)), learned });
  }

  private names(runners: number[]): string {
    return runners.map((runner) => this.name(runner)).join(", ");
  }

  private name(runner: number): string {
    return this.words.short(this.race.setup.runners[runner]?.optimizer ?? "");
  }

  /** Who has left the range of numbers up to now, with a way back. */
  private warn(): void {
    const lost = this.playback.recording.tracks.flatMap(({ lost: step, sentence }) => (step !== null && step <= this.race.step ? [{ step, sentence }] : []));
    if (lost.length === this.warnings.children.length) return;
    this.warnings.replaceChildren(
      ...lost.map(({ step, sentence }) =>
        el("li", {}, `${sentence} `, button(this.words.say("story.back", { step }), () => this.go(step), { class: "text" })),
      ),
    );
  }

  private layout(): void {
    const { race, words } = this;
    const losses = race.setup.config.loss.map((_, loss) => race.runners(loss).map((runner) => this.name(runner)));
    const names = Array.from({ length: Math.max(...losses.map((side) => side.length)) }, (_, i) =>
      [...new Set(losses.flatMap((side) => side[i] ?? []))].join(" / "),
    );
    if (names.length > 1 && race.setup.data.y.length > 0) {
      const options = names.map((name, i): [string, string] => [String(i), name]);
      const field = select(words.say("replay.shown"), options, "0", (place) => this.choose(Number(place)));
      field.classList.add("shown");
      this.bar.element.append(field);
    }
    this.bar.element.append(sign("?", words.say("bar.help"), () => this.command("help"), { class: "sign help" }));
    const numbers = el("section", { class: "numbers" }, this.table.element);
    document.getElementById("app")?.replaceChildren(
      el("section", { class: "story", "aria-label": words.say("story.title") }, this.line, this.warnings),
      this.bar.element,
      el("div", { class: "views" }, this.stage.element, this.stage.curves, numbers),
      this.live,
    );
  }
}

/** Play the recording that stands in this page. */
export async function openReplay(): Promise<void> {
  Object.assign(globalThis, { soloneuron: { replay: new Replay(await unpack()) } });
}
