/** The first screen: one question, a large button, two pictures and a sentence, until somebody wants everything. */

import { linkHere, runOf, VIEW_PART, withView } from "./restrictions";

/** What an address without words opens: a ravine, where methods part. */
export const RAVINE =
  "data=stretched&loss=nll&optimizers=gradient_descent:0.5,momentum:0.08,nag:0.05,adagrad:0.5,rmsprop:0.05,adam:0.1&start=-1,1";
/** How an address names the plain run, whose link has no words. */
export const PLAIN = "data=clouds";
/** Large type for the last row: a word of the address, and none of the run. */
const presents = VIEW_PART.includes("present=1");
let few = presents || runOf(addressed()) === RAVINE;

/** The run that the address names, and what of the page it hides and locks; in a frame both stand in the page. */
export function addressed(): string {
  const run = runOf(linkHere());
  return withView(run === PLAIN ? "" : run || RAVINE);
}

/** The address of a run in this window, from its path on. */
export function placeOf(link: string): string {
  return `${location.pathname}?${withView(link || PLAIN)}`;
}

/** Whether no more than the first screen is shown. */
export function isFirst(): boolean {
  return few;
}

/** Show so much: with `false` every part of the page. */
export function showFew(only = few): void {
  few = only;
  document.body.classList.toggle("few", few);
  document.body.classList.toggle("present", few && presents);
}
