/** One palette: Cividis for heights, Tol's muted colors with dashes for runners, blue and orange for classes. */

const CIVIDIS = [
  [0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115],
  [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56],
] as const;

const MUTED = [
  "#CC6677", "#332288", "#DDCC77", "#117733", "#88CCEE", "#882255", "#44AA99", "#999933", "#AA4499",
];
const BRIGHT = [
  "#E38896", "#8E80E0", "#DDCC77", "#4DB571", "#88CCEE", "#C9699A", "#44AA99", "#B9B94D", "#D27FC4",
];
const DASHES: number[][] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2, 1, 2]];

export const CLASSES = ["#0077BB", "#EE7733"] as const;

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** Hear when the browser changes between light and dark, once for the whole page: who hears is never given free. */
export function listenToDarkness(change: () => void): void {
  darkness.addEventListener("change", change);
}

/** Whether the page is dark; the painters ask every time. */
export function dark(): boolean {
  return darkness.matches;
}

export interface Ink {
  text: string;
  soft: string;
  line: string;
  paper: string;
  halo: string;
}

export function ink(): Ink {
  return dark()
    ? { text: "#e6eaf0", soft: "#9aa5b4", line: "#384252", paper: "#171c24", halo: "rgba(10,13,18,.85)" }
    : { text: "#1b2430", soft: "#5a6675", line: "#d5dbe3", paper: "#ffffff", halo: "rgba(255,255,255,.9)" };
}

/** The color of a height from 0 (lowest) to 1; light shines from 0 (shadow) to 1. */
export function cividis(height: number, light = 1): string {
  const place = Math.min(1, Math.max(0, height)) * (CIVIDIS.length - 1);
  const first = Math.min(CIVIDIS.length - 2, Math.floor(place));
  const share = place - first;
  const [one, two] = [CIVIDIS[first], CIVIDIS[first + 1]];
  if (one === undefined || two === undefined) return "#000";
  const mixed = one.map((c, i) => Math.round((c + ((two[i] ?? c) - c) * share) * light));
  return `rgb(${mixed.join(",")})`;
}

export function runnerColor(index: number): string {
  return (dark() ? BRIGHT : MUTED)[index % MUTED.length] ?? "#CC6677";
}

export function runnerDash(index: number): number[] {
  return DASHES[Math.floor(index / MUTED.length + (index % 2 === 0 ? 0 : 1)) % DASHES.length] ?? [];
}

/** The color of a probability: blue for 0, paper between, orange for 1. */
export function belief(p: number): [number, number, number] {
  const middle = dark() ? [30, 36, 46] : [250, 250, 250];
  const end = p < 0.5 ? [0, 119, 187] : [238, 119, 51];
  const share = Math.abs(2 * p - 1) * (dark() ? 0.5 : 0.62);
  const mix = (i: number): number => Math.round((middle[i] ?? 0) + ((end[i] ?? 0) - (middle[i] ?? 0)) * share);
  return [mix(0), mix(1), mix(2)];
}
