/** The page, wired: the playground, or the replay of a race if a recording stands in it. */

import { addressed, showFew } from "./first";
import { landscape } from "./grid";
import { MessageHandler } from "./handler";
import { listen } from "./keys";
import { MENUS } from "./generated/catalogue";
import { firstLanguage, teachWords, wordsOf } from "./language";
import { join } from "./panel";
import { openReplay } from "./playback";
import { lessonBeside } from "./link";
import { Playground } from "./playground";
import { remembered } from "./remembered";
import { FIRST_LINK, hideParts, runOf } from "./restrictions";
import { Engine } from "./session/engine";
import { takeLesson, unpackedLesson } from "./session/own_lesson";
import { listenToDrops } from "./upload";
import { fill } from "./words";

if (document.getElementById("recording") === null) await openPlayground();
else await openReplay();

async function openPlayground(): Promise<void> {
  const fault = await lessonOfAddress();
  // A teacher's lesson opens unless the address says what else to show.
  const taught = FIRST_LINK === "" && MENUS.lessons.includes("own");
  const link = taught ? "lesson=own" : addressed();
  const kept = remembered(runOf(link));
  showFew(!taught && kept?.few);
  hideParts();
  const engine = new Engine(link, kept?.step);
  const playground = new Playground(wordsOf(firstLanguage()), engine);
  engine.attach(new MessageHandler(playground, kept === undefined));
  listen(playground, (place) => join(playground, place));
  listenToDrops(playground);
  if (fault !== undefined) playground.refuseFault(fault);
  window.addEventListener("popstate", ({ state }) => playground.revisit(state));
  document.addEventListener("visibilitychange", () => playground.remember());
  window.addEventListener("pagehide", () => playground.remember());
  Object.assign(globalThis, { soloneuron: { playground, landscape, fill } });
}

/** Take the lesson that the address carries; what is wrong with it, if anything is. */
async function lessonOfAddress(): Promise<unknown> {
  const packed = lessonBeside();
  if (packed === undefined) return undefined;
  try {
    teachWords(takeLesson(await unpackedLesson(packed)));
    return undefined;
  } catch (fault) {
    return fault;
  }
}
