/** A run in other words: the command that repeats it, and hand-written Python with its numbers. */

import { PYTHON_RULES } from "../generated/python";
import { SEARCHES } from "../generated/rules";
import { SURFACE_FORMULAS } from "../generated/surfaces";
import type { Config } from "../protocol";
import { ALL_RULES } from "../training/searching";
import { inputsAt } from "../training/terms";
import type { Settings, SurfaceFormula } from "../training/types";
import type { Heir, Stage } from "./changes";
import { heirsOf, stagesOf } from "./changes";
import { spelled } from "./fields";
import { linkAt } from "./link";
import { OWN } from "./link_words";
import { isWrittenLoss, lossFunction } from "./python_loss";
import { rowsOf } from "./rows";

/** The line that repeats the run up to a step in a terminal, at step 0 too. */
export function commandText(config: Config, step: number): string {
  return `soloneuron train --url '${pythonLink(config, step)}'`;
}

/** A link that Python can read: it knows the page's own lessons alone. */
function pythonLink(config: Config, step: number): string {
  return linkAt({ ...config, lesson: config.lesson === OWN ? "" : config.lesson }, step);
}

/** What a line of the code does, for whoever marks it. */
export type LinePart = "z" | "p" | "slope" | "gradient" | "rule" | "loss";

export interface PythonCode {
  text: string;
  /** Which lines (from 0) do what, at the step that is shown. */
  parts: Record<LinePart, number[]>;
}

/** A stretch of one runner's way, and what it goes on from. */
interface Stretch {
  stage: Stage;
  loss: string;
  optimizer: string;
  rate: number;
  own: Record<string, number>;
  heir: Heir | null;
  /** Updates before the rule's own count begins. */
  before: number;
  end: number;
}

/**
 * A script that trains one runner up to a step with its gradient written by hand, and prints theta and the loss.
 * A rule that searches along a line is left to the library, and so is a loss without lines.
 */
export function pythonCode(config: Config, step: number, runner: number): PythonCode {
  const way = wayOf(config, step, runner);
  const code = new Lines();
  if (!way.every(isWritten)) code.searched(config, step, runner, way.at(-1) as Stretch);
  else code.written(config, way);
  return { text: `${code.lines.join("\n")}\n`, parts: code.parts };
}

/** The stretches that lead to a runner; its way begins where nothing is gone on from. */
function wayOf(config: Config, step: number, runner: number): Stretch[] {
  const stages = stagesOf(config).filter((stage) => stage.step <= step);
  const way: Stretch[] = [];
  let place: number | null = runner;
  for (let i = stages.length - 1; i >= 0 && place !== null; i--) {
    const stage = stages[i] as Stage;
    const { loss, optimizers } = stage.config;
    const [optimizer = "", rate = 0, own = {}] = optimizers[place % optimizers.length] ?? [];
    const before: Stage | undefined = stages[i - 1];
    const heir: Heir | null = (before && heirsOf(before.config, stage.config)[place]) ?? null;
    const end = stages[i + 1]?.step ?? step;
    way.unshift({ stage, loss: loss[Math.floor(place / optimizers.length)] ?? "", optimizer, rate, own, heir, before: 0, end });
    place = heir?.runner ?? null;
  }
  way.forEach((stretch, i) => (stretch.before = stretch.heir?.memory ? (way[i - 1] as Stretch).before : stretch.stage.step));
  return way;
}

/** Whether loss and rule have lines of Python that hold with these numbers: by some a formula has another part. */
function isWritten({ loss, optimizer, own }: Stretch): boolean {
  const rule = PYTHON_RULES[optimizer];
  if (rule === undefined || !hasLines(loss)) return false;
  const letters = Object.values(rule.settings);
  return Object.keys(own).every((name) => letters.includes(name) || (name === "weight_decay" && rule.decays === undefined));
}

/** A surface has its own lines. */
const hasLines = (loss: string): boolean => isWrittenLoss(loss) || Object.hasOwn(SURFACE_FORMULAS, loss);

class Lines {
  readonly lines: string[] = [];
  /** Rows that are held back. */
  private held = 0;
  parts: Record<LinePart, number[]> = { z: [], p: [], slope: [], gradient: [], rule: [], loss: [] };

  searched(config: Config, step: number, runner: number, { optimizer, loss }: Stretch): void {
    const rule = optimizer in SEARCHES ? "searches along a line for every step: that" : "with these numbers";
    this.add(
      `# ${hasLines(loss) ? `${optimizer} ${rule}` : `The loss ${loss}`} is left to the library.`,
      "from soloneuron.playing.changes import play",
      "from soloneuron.playing.link import read_link",
      "",
      `race = play(read_link("${pythonLink(config, step)}"))`,
      `theta, value = race.runners[${runner}].state.theta, race.table()[${runner}, -6]`,
      `print("${optimizer}", "${loss}", theta.tolist(), value.item())`,
      ...(config.test > 0 ? [`print("held back", *race.test_table()[${runner}].tolist())`] : []),
    );
  }

  written(config: Config, way: Stretch[]): void {
    const batches = way.some(({ stage }) => stage.config.batch !== "all");
    if (batches) this.add("from math import ceil", "");
    this.add("import numpy as np");
    const { surface } = config;
    const made = surface === "" && way.some(({ stage }) => stage.config.data !== OWN);
    if (made) this.add("from soloneuron.data.catalogue import make_dataset");
    if (config.test > 0 && made) this.add("from soloneuron.data.preparation import hold_out");
    if (batches) this.add("from soloneuron.data.seeding import epoch_order");
    const divides = way.some(({ optimizer }) => PYTHON_RULES[optimizer]?.after.some((line) => line.includes("np.divide")));
    this.add("", `np.seterr(over="ignore"${divides ? ', divide="ignore"' : ""})${surface === "" ? "  # 1 / inf is the 0 that is meant" : ""}`);
    way.forEach((stretch, i) => this.stretch(config, stretch, way[i - 1]));
    const { stage, loss, optimizer } = way.at(-1) as Stretch;
    if (surface !== "") return this.add(`print("${optimizer}", "${surface}", theta.tolist(), surface(theta)[0])`);
    this.add("value, slope = loss(X @ theta, labels)");
    const penalty = stage.config.l2 > 0 ? " + penalty @ theta**2 / 2" : "";
    this.add(`print("${optimizer}", "${loss}", theta.tolist(), value.mean()${penalty})`);
    this.parts.loss.push(this.lines.length - 2);
    if (this.held === 0) return;
    this.add("logits = test_X @ theta", "value, slope = loss(logits, test_labels)");
    this.add(`print("held back", value.mean()${penalty}, ((logits > 0) == test_labels).mean())`);
  }

  private stretch(config: Config, now: Stretch, before: Stretch | undefined): void {
    const { stage, loss, heir } = now;
    const { l2, batch, seed } = stage.config;
    if (before !== undefined) this.add("", `# from step ${stage.step} on`);
    if (config.surface === "") this.rows(stage, before?.stage);
    if (loss !== before?.loss) config.surface === "" ? this.loss(loss) : this.surface(config.surface);
    if (heir === null) this.add(`theta = np.array([${[...config.start, ...behind(config, 0)].map(real).join(", ")}])`);
    if (l2 > 0) this.add(`penalty = np.array([${[l2, l2, ...behind(config, l2)].map(real).join(", ")}])`);
    const rule = this.rule(now, config.bias, heir?.memory === true);
    this.add(`for t in range(${stage.step - now.before + 1}, ${now.end - now.before + 1}):`);
    const inside = (part: LinePart | null, ...lines: string[]): void => {
      if (part !== null) this.parts[part].push(...lines.map((_, i) => this.lines.length + i));
      this.add(...lines.map((line) => `    ${line}`));
    };
    this.parts = { ...this.parts, z: [], gradient: [], rule: [] };
    const rows = batch === "all" ? "" : "[rows]";
    if (batch !== "all") {
      inside(null, `epoch, part = divmod(t ${now.before === 0 ? "- 1" : `+ ${now.before - 1}`}, ceil(len(X) / ${batch}))`);
      inside(null, `order = epoch_order(len(X), ${seed}, epoch).numpy()`);
      inside(null, `rows = order[${batch} * part : ${batch} * (part + 1)]`);
    }
    inside("rule", ...rule.before);
    if (config.surface !== "") inside("gradient", `value, g = surface(${rule.point})`);
    else {
      inside("z", `logits = X${rows} @ ${rule.point}`);
      inside(null, `value, slope = loss(logits, labels${rows})`);
      inside("gradient", `g = X${rows}.T @ slope / len(slope)${l2 > 0 ? ` + penalty * ${rule.point}` : ""}`);
    }
    inside("rule", ...rule.after);
  }

  /** The rows of a stage, where they are not those of the stage before. */
  private rows({ config, edits }: Stage, before: Stage | undefined): void {
    const { bias, terms } = config;
    const goesOn =
      before !== undefined && sameRows(before.config, config) && before.edits.every((edit, i) => edit === edits[i]);
    if (!goesOn) this.made(config);
    for (const { drop, add } of edits.slice(goesOn ? before.edits.length : 0)) {
      const [first, last] = [drop.filter((row) => row < this.held), drop.filter((row) => row >= this.held)];
      this.drop("test_", first);
      this.drop("", last.map((row) => row - this.held));
      this.held -= first.length;
      if (add.length === 0) continue;
      this.add(`X = np.vstack([X, [${add.map(([x1, x2]) => listed([...inputsAt(x1, x2, terms), ...(bias ? [1] : [])])).join(", ")}]])`);
      this.add(`labels = np.append(labels, [${add.map(([, , label]) => label).join(", ")}])`);
    }
  }

  /** The height of a surface and its gradient, in the lines that the page computes with. */
  private surface(name: string): void {
    const { shared, value, gradient } = SURFACE_FORMULAS[name] as SurfaceFormula;
    const lines = ["x, y = theta", ...shared, `g = np.array([${gradient.join(", ")}])`, `return ${value}, g`];
    this.add("", "def surface(theta):", ...lines.map((line) => `    ${line}`), "");
  }

  private drop(of: string, rows: number[]): void {
    const gone = `[${rows.join(", ")}]`;
    if (rows.length > 0) this.add(`${of}X, ${of}labels = np.delete(${of}X, ${gone}, 0), np.delete(${of}labels, ${gone})`);
  }

  /** The rows as they are made, before anything is done to them. */
  private made(config: Config): void {
    const { data, seed, noise, test, bias, terms } = config;
    const rows = rowsOf(config);
    this.held = rows.test?.count ?? 0;
    const shaken = noise === 0 ? "" : `, noise=${spelled(noise)}`;
    if (data !== OWN) this.add(`data = make_dataset("${data}", seed=${seed}${shaken})`);
    if (data !== OWN && this.held > 0) this.add(`data, held = hold_out(data, ${spelled(test)}, seed=${seed})`);
    for (const [of, from, part] of [["", "data", rows], ["test_", "held", rows.test]] as const) {
      if (part === undefined) continue;
      const { x, y } = part;
      if (data === OWN) {
        this.add(`${of}X = np.array([${Array.from(y, (_, i) => listed([...x.subarray(2 * i, 2 * i + 2)])).join(", ")}])`);
        this.add(`${of}labels = np.array([${[...y].join(", ")}])`);
      } else this.add(`${of}X, ${of}labels = ${from}.features.numpy(), ${from}.labels.numpy()`);
      if (terms.length > 0) this.add(`x1, x2 = ${of}X.T`, `${of}X = np.column_stack([${of}X, ${terms.map(pythonTerm).join(", ")}])`);
      if (bias) this.add(`${of}X = np.column_stack([${of}X, np.ones(len(${of}X))])  # the bias is one more weight`);
    }
  }

  private loss(name: string): void {
    const { lines, p, slope, value } = lossFunction(name);
    this.add("");
    const from = this.lines.length;
    this.add(...lines, "");
    const at = (places: number[]): number[] => places.map((place) => from + place);
    this.parts = { ...this.parts, p: at(p), slope: at(slope), loss: at(value) };
  }

  /** The numbers of a rule, what it remembers at first, and its lines in the loop. */
  private rule({ optimizer: name, rate, own }: Stretch, bias: boolean, goesOn: boolean): { before: string[]; point: string; after: string[] } {
    const { settings, begins, before, point, after } = PYTHON_RULES[name] as (typeof PYTHON_RULES)[string];
    const known: Settings = { ...ALL_RULES[name]?.defaults, ...own };
    const numbers = Object.entries(settings).map(([letter, setting]) => [letter, Number(known[setting])] as const);
    const decay = Number(known["weight_decay"] ?? 0);
    if (decay !== 0) numbers.push(["lam", decay]);
    const letters = [["rate", rate] as const, ...numbers];
    this.add(`${letters.map(([letter]) => letter).join(", ")} = ${letters.map(([, number]) => real(number)).join(", ")}`);
    if (after.some((line) => line.endsWith("= norm(g)"))) {
      this.add(bias ? "norm = lambda g: np.append(np.full(len(g) - 1, np.linalg.norm(g[:-1])), abs(g[-1]))" : "norm = np.linalg.norm");
    }
    if (!goesOn) this.add(...Object.entries(begins).map(([slot, begun]) => `${slot} = ${begun}`));
    const shrink = known["decay"] === "decoupled" ? "theta = (1 - rate * lam) * theta" : `g = g + lam * ${point}`;
    return { before, point, after: decay === 0 ? after : [shrink, ...after] };
  }

  private add(...lines: string[]): void {
    this.lines.push(...lines);
  }
}

/** A number that Python reads as a real one. */
function real(value: number): string {
  const text = spelled(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function listed(numbers: number[]): string {
  return `[${numbers.map(real).join(", ")}]`;
}

/** What follows the two first weights in a vector like theta: a number for each term, and 0 for the bias. */
function behind({ terms, bias }: Config, number: number): number[] {
  return [...terms.map(() => number), ...(bias ? [0] : [])];
}

/** A term by its name: `x1x2` as x1 * x2, `sinx1` as np.sin(x1). */
function pythonTerm(name: string): string {
  const [, sine, one = "", two] = /^(sin)?(x.)(x.)?$/.exec(name) ?? [];
  return sine ? `np.sin(${one})` : `${one} * ${two}`;
}

/** Whether two configs make the same rows. */
function sameRows(one: Config, other: Config): boolean {
  return (["data", "points", "noise", "seed"] as const).every((word) => JSON.stringify(one[word]) === JSON.stringify(other[word]));
}
