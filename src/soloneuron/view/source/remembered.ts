/** What survives a reload: the run, the step where it stands, and how much is shown, for this page alone. */

import { isFirst } from "./first";

const KEY = "soloneuron.run";
/** A link with more letters than this is not kept; the address holds it all the same. */
const LONGEST = 32_768;

interface Kept {
  link: string;
  step: number;
  /** Whether no more than the first screen was shown. */
  few: boolean;
}

/** What was kept of the run of an address when the page was reloaded, if that is known. */
export function remembered(link: string): Kept | undefined {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (visit?.type !== "reload") return undefined;
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Kept;
    return kept.link === link && Number.isInteger(kept.step) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keep where the run stands; whether that was possible. */
export function remember(link: string, step: number): boolean {
  if (link.length > LONGEST) return true;
  try {
    localStorage.setItem(KEY, JSON.stringify({ link, step, few: isFirst() }));
    return true;
  } catch {
    return false;
  }
}
