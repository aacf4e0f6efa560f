/** A recording: what a replay's page carries in itself. */

import type { Setup } from "./protocol";
import { Frame } from "./protocol";
import type { Language } from "./words";

/** What a replay knows of a runner beside its numbers; steps at which something happened, or null. */
export interface Track {
  learned: number | null;
  reached: number | null;
  /** The last finite step of a runner that left the range of numbers, and the sentence about it. */
  lost: number | null;
  sentence: string;
}

export interface Recording {
  language: Language;
  words: Record<string, never>;
  setup: Setup;
  tracks: Track[];
  /** Steps, rows that are drawn, runners, columns of the table. */
  size: { steps: number; rows: number; runners: number; columns: number };
}

export interface Playback {
  recording: Recording;
  /** The recorded steps, rising. */
  steps: number[];
  frames: Frame[];
}

/** Columns that live races have and recordings leave out: rows, lost. */
const BESIDE = 2;

/** Unpack what stands in the page: JSON, and numbers in float32, gzipped, in base64. */
export async function unpack(): Promise<Playback> {
  const recording = JSON.parse(content("recording")) as Recording;
  const packed = Uint8Array.from(atob(content("numbers").trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const raw = await new Response(stream).arrayBuffer();
  const { steps: moments, rows, runners, columns } = recording.size;
  const steps = Array.from(new Uint32Array(raw, 0, moments));
  const numbers = new Float32Array(raw, 4 * moments);
  recording.setup.data = { x: Array.from(numbers.subarray(0, 2 * rows)), y: Array.from(numbers.subarray(2 * rows, 3 * rows)) };
  const table = numbers.subarray(3 * rows);
  const wide = columns + BESIDE;
  const last = steps.at(-1) ?? 0;
  const frames = steps.map((step, moment) => {
    const body = new Float32Array(runners * wide);
    for (let runner = 0; runner < runners; runner++) {
      for (let column = 0; column < columns; column++) {
        body[runner * wide + column] = table[(column * runners + runner) * moments + moment] ?? 0;
      }
    }
    return new Frame(step, last, wide, body);
  });
  return { recording, steps, frames };
}

function content(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}
