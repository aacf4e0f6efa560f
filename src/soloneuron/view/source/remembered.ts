/** What survives a reload: the link of the run and the step where it stands, for this page alone. */

const KEY = "soloneuron.run";
/** A link with more letters than this is not kept; the address holds it all the same. */
const LONGEST = 32_768;

/** The step at which the run of an address stood when the page was reloaded, if that is known. */
export function rememberedStep(link: string): number | undefined {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (visit?.type !== "reload") return undefined;
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as { link?: unknown; step?: unknown };
    return kept.link === link && typeof kept.step === "number" && Number.isInteger(kept.step) ? kept.step : undefined;
  } catch {
    return undefined;
  }
}

/** Keep where the run stands; whether that was possible. */
export function remember(link: string, step: number): boolean {
  if (link.length > LONGEST) return true;
  try {
    localStorage.setItem(KEY, JSON.stringify({ link, step }));
    return true;
  } catch {
    return false;
  }
}
