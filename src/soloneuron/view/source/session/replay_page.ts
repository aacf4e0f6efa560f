/** A race as one HTML page that plays from disk, with everything in it, as Python's `view.replay` makes it. */

import { LIMITS, POLICY } from "../generated/catalogue";
import type { Setup } from "../protocol";
import type { Recording, Track } from "../recording";
import type { Table } from "../words";
import { describeRace, losingSentence, readingNotes } from "./description";
import type { RecordedRace, RecordedRun } from "./recorded";
import { keptPlaces, sinceWhen } from "./recorded";
import { windowOf } from "./window";

/** Style and script of the replay's page. */
export interface ReplayParts {
  style: string;
  script: string;
}

/** The tables of the page's texts that a replay needs. */
const PARTS = ["story", "bar", "picture", "readout", "curve", "table", "help", "replay"];

/** Numbers of theta are followed by loss, length of the gradient, accuracy and length of the step. */
const MEASURED = 4;

/** One HTML page that plays the race from disk. */
export async function replayPage(race: RecordedRace, { style, script }: ReplayParts): Promise<string> {
  const title = race.words.of("replay.title") ?? "";
  const places = keptPlaces(Math.max(...race.runs.map(({ steps }) => steps)));
  // A runner that is lost stands at its last finite step, which must not fall between two that are kept.
  for (const { lost, steps } of race.runs) if (lost && !places.includes(steps - 1)) places.push(steps - 1);
  places.sort((a, b) => a - b);
  const numbers = numbersOf(race, places);
  const notes = readingNotes(race, places.length).map((note) => `<p>${escaped(note)}</p>`);
  return `<!doctype html>
<html lang="${race.words.language}">
<head>
<meta charset="utf-8">
<meta name="generator" content="soloneuron">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>
${style}</style>
</head>
<body class="replay">
<header><h1>${escaped(title)}</h1><p class="result">${escaped(describeRace(race))}</p></header>
<main id="app"></main>
<footer class="notes">${notes.join("")}</footer>
<script type="application/json" id="recording">${json(recordingOf(race, places))}</script>
<script type="text/plain" id="numbers">${await packed(numbers)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** Steps in 32 bits, then float32: rows and labels, and each column of each run in turn. */
function numbersOf(race: RecordedRace, places: readonly number[]): Uint8Array<ArrayBuffer> {
  const { rows, runs, first = 0 } = race;
  const steps = Uint32Array.from(places, (place) => first + place);
  const drawn = [...rows.x.filter((_, i) => i % rows.width < 2), ...rows.y];
  const tables = runs.map((run) => tableOf(race, run, places));
  const columns = columnsOf(race);
  const table = Array.from({ length: columns }, (_, column) => tables.map((one) => one.map((row) => row[column] ?? 0)));
  const numbers = Float32Array.from([...drawn, ...table.flat(2)]);
  const bytes = new Uint8Array(steps.byteLength + numbers.byteLength);
  bytes.set(new Uint8Array(steps.buffer));
  bytes.set(new Uint8Array(numbers.buffer), steps.byteLength);
  return bytes;
}

/** A run at these places; after its end it stands. */
function tableOf(race: RecordedRace, run: RecordedRun, places: readonly number[]): number[][] {
  const shown = columnsOf(race) - MEASURED;
  const own = places.filter((place) => place < run.steps);
  const theta = (place: number): Float64Array => run.theta.subarray(place * run.width, (place + 1) * run.width);
  const rows = own.map((place, i) => {
    const before = own[i - 1] ?? place;
    const far = Math.hypot(...[...theta(place)].map((weight, j) => weight - (theta(before)[j] ?? 0)));
    const weights = Array.from({ length: shown }, (_, j) => theta(place)[j] ?? 0);
    return [...weights, run.value[place] ?? 0, run.gradientNorm[place] ?? 0, run.accuracy[place] ?? 0, far / Math.max(1, place - before)];
  });
  return places.map((_, i) => rows[Math.min(i, rows.length - 1)] ?? []);
}

function recordingOf(race: RecordedRace, places: readonly number[]): Recording {
  const { runs, rows, words: { language }, config } = race;
  const columns = columnsOf(race);
  const start = Array.from(runs[0]?.theta.subarray(0, 2) ?? [0, 0]) as [number, number];
  const setup: Setup = {
    link: "",
    config: { ...config, points: [], batch: "all", seed: 0, step: 0, lesson: "", changes: [], start },
    runners: runs.map(({ loss, optimizer, rate }) => ({ loss, optimizer, rate })),
    data: { x: [], y: [] },
    begin: [],
    columns,
    window: windowOfRuns(race, places),
    lowest: {},
    near: LIMITS.near_lowest,
    enough: LIMITS.learned_accuracy,
  };
  const size = { steps: places.length, rows: rows.count, runners: runs.length, columns };
  return { language, words: textsOf(race) as Record<string, never>, setup, tracks: runs.map((run) => trackOf(race, run)), size };
}

function trackOf(race: RecordedRace, run: RecordedRun): Track {
  const first = race.first ?? 0;
  const low = lowestOf(race, run.loss) + LIMITS.near_lowest;
  return {
    learned: sinceWhen(run, first, (place) => (run.accuracy[place] ?? 0) >= LIMITS.learned_accuracy),
    reached: sinceWhen(run, first, (place) => (run.value[place] ?? NaN) <= low),
    lost: run.lost ? first + run.steps - 1 : null,
    sentence: run.lost ? losingSentence(race, run) : "",
  };
}

/** The lowest loss of all runs on that loss. */
export function lowestOf(race: RecordedRace, loss: string): number {
  return Math.min(...race.runs.filter((run) => run.loss === loss).map(({ value }) => value.reduce((one, other) => Math.min(one, other), Infinity)));
}

function columnsOf({ runs, rows, config }: RecordedRace): number {
  const bias = runs.some(({ width }) => width > rows.width);
  return 2 + config.terms.length + (bias ? 1 : 0) + MEASURED;
}

/** With the starts and the paths in it. */
function windowOfRuns(race: RecordedRace, places: readonly number[]): Setup["window"] {
  const tables = race.runs.map((run) => tableOf(race, run, places));
  const place = (row: readonly number[] = []): [number, number] => [row[0] ?? 0, row[1] ?? 0];
  return [...windowOf(tables.map(([first]) => place(first)), tables.flat().map((row) => place(row)))];
}

/** The sentences of the page: the playground's, some of them in the words of a replay. */
function textsOf({ words: { table: all }, config, runs }: RecordedRace): Table {
  const [own, page] = [(all["replay"] as Table)["page"] as Table, all["playground"] as Table];
  const playground = Object.fromEntries(PARTS.map((part) => [part, { ...(page[part] as Table), ...((own[part] ?? {}) as Table) }]));
  const pick = (room: string, names: readonly string[], kinds: readonly string[]): Table =>
    Object.fromEntries(names.map((name) => [name, Object.fromEntries(kinds.map((kind) => [kind, ((all[room] as Table)[name] as Table)[kind] ?? ""]))]));
  const names = [...new Set(runs.map(({ optimizer }) => optimizer))];
  return { playground, losses: pick("losses", config.loss, ["title"]), optimizers: pick("optimizers", names, ["title", "short"]) };
}

/** Bytes gzipped in base64. */
async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const zipped = new Uint8Array(await new Response(stream).arrayBuffer());
  let letters = "";
  for (let from = 0; from < zipped.length; from += 8192) letters += String.fromCharCode(...zipped.subarray(from, from + 8192));
  return btoa(letters);
}

function json(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
