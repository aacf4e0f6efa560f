/** Written by scripts/generate from the library's formulas: do not edit. */

const DECREASE = 0.0001;
const FLATNESS = 0.9;
const NARROWEST = 1e-09;
const TRIALS = 25;
const HALVINGS = 60;

/** One point along the direction: step t, value f and slope f'(t); the searcher's own notes of it. */
export interface Trial<Notes> {
  readonly t: number;
  readonly f: number;
  readonly slope: number;
  readonly notes: Notes;
}

/** The function along the direction, and how often it was asked. */
class Probe<Notes> {
  used = 0;
  beyond = 0;
  constructor(private readonly along: (x: number) => Trial<Notes>, private readonly steepest: number) {}

  at(t: number): Trial<Notes> {
    const trial = this.along(t);
    this.used += 1;
    this.beyond += Number(trial.f === Infinity);
    return trial;
  }

  flat(trial: Trial<Notes>): boolean {
    return Math.abs(trial.slope) <= this.steepest;
  }

  get early(): boolean {
    return this.used - this.beyond <= 2;
  }

  get more(): boolean {
    return this.used - this.beyond <= TRIALS && this.beyond <= HALVINGS;
  }
}

/** Find a step that satisfies the strong Wolfe conditions. */
export function search<Notes>(along: (x: number) => Trial<Notes>, start: Trial<Notes>, t: number, reach: () => number, flatness: number = FLATNESS): [Trial<Notes>, number] {
  const probe = new Probe(along, flatness * Math.abs(start.slope));
  const [ends, accepted] = bracket(probe, start, t);
  const found = accepted ? ends[1]! : narrow(probe, start, ends, reach());
  return [found, probe.used];
}

/** Lengthen the step until the last two trials hold an acceptable one between them, or the last is one. */
function bracket<Notes>(probe: Probe<Notes>, start: Trial<Notes>, t: number): [Trial<Notes>[], boolean] {
  let [last, trial] = [start, probe.at(t)];
  while (probe.more) {
    if (rises(trial, start) || !probe.early && trial.f >= last.f) {
      return [[last, trial], false];
    }
    if (probe.flat(trial)) {
      return [[last, trial], true];
    }
    if (trial.slope >= 0) {
      return [[last, trial], false];
    }
    t = lowest(last, trial, trial.t + 0.01 * (trial.t - last.t), trial.t * 10);
    [last, trial] = [trial, probe.at(t)];
  }
  return [[start, trial], false];
}

/** Shrink the interval around an acceptable step. */
function narrow<Notes>(probe: Probe<Notes>, start: Trial<Notes>, ends: Trial<Notes>[], reach: number): Trial<Notes> {
  let [low, high] = ends[0]!.f <= ends[1]!.f ? [0, 1] : [1, 0];
  let stalled = false;
  while (probe.more && Math.abs(ends[1]!.t - ends[0]!.t) * reach >= NARROWEST) {
    let t;
    [t, stalled] = inside(ends, stalled);
    const trial = probe.at(t);
    if (rises(trial, start) || trial.f >= ends[low]!.f) {
      ends[high] = trial;
      [low, high] = ends[0]!.f <= ends[1]!.f ? [0, 1] : [1, 0];
      continue;
    }
    if (probe.flat(trial)) {
      return trial;
    }
    if (trial.slope * (ends[high]!.t - ends[low]!.t) >= 0) {
      ends[high] = ends[low]!;
    }
    ends[low] = trial;
  }
  return ends[low]!;
}

/** The cubic's minimum, kept a tenth away from the ends when it sticks to one of them twice in a row. */
function inside<Notes>(ends: Trial<Notes>[], stalled: boolean): [number, boolean] {
  const [left, right] = [Math.min(ends[0]!.t, ends[1]!.t), Math.max(ends[0]!.t, ends[1]!.t)];
  const [t, margin] = [lowest(ends[0]!, ends[1]!, left, right), 0.1 * (right - left)];
  if (Math.min(right - t, t - left) >= margin) {
    return [t, false];
  }
  if (!(stalled || t >= right || t <= left)) {
    return [t, true];
  }
  return [Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin, false];
}

/** Whether a trial fails to decrease enough. */
function rises<Notes>(trial: Trial<Notes>, start: Trial<Notes>): boolean {
  return trial.f > start.f + DECREASE * trial.t * start.slope;
}

/** The minimum within [left, right] of the cubic through two values and slopes, else the middle. */
function lowest<Notes>(a: Trial<Notes>, b: Trial<Notes>, left: number, right: number): number {
  if (a.t > b.t) {
    [a, b] = [b, a];
  }
  const bend = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t);
  const square = bend * bend - a.slope * b.slope;
  if (!(0 <= square && square < Infinity)) {
    return (left + right) / 2;
  }
  const root = Math.sqrt(square);
  const spread = b.slope - a.slope + 2 * root;
  if (spread === 0) {
    return (left + right) / 2;
  }
  const t = b.t - (b.t - a.t) * ((b.slope + root - bend) / spread);
  return Math.min(Math.max(t, left), right);
}
