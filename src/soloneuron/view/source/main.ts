/** The page, wired: the playground, or the replay of a race if a recording stands in it. */

import { landscape } from "./grid";
import { MessageHandler } from "./handler";
import { listen } from "./keys";
import { firstLanguage, wordsOf } from "./language";
import { openReplay } from "./playback";
import { linkAtStep } from "./link";
import { Playground } from "./playground";
import { rememberedStep } from "./remembered";
import { FIRST_LINK, hideParts, runOf } from "./restrictions";
import { Engine } from "./session/engine";
import { fill } from "./words";

if (document.getElementById("recording") === null) openPlayground();
else await openReplay();

function openPlayground(): void {
  const link = FIRST_LINK;
  const step = rememberedStep(runOf(link));
  hideParts();
  const engine = new Engine(step > 0 ? linkAtStep(link, step) : link);
  const playground = new Playground(wordsOf(firstLanguage()), engine);
  engine.attach(new MessageHandler(playground));
  listen(playground);
  window.addEventListener("popstate", ({ state }) => playground.revisit(state));
  document.addEventListener("visibilitychange", () => playground.remember());
  window.addEventListener("pagehide", () => playground.remember());
  Object.assign(globalThis, { soloneuron: { playground, landscape, fill } });
}
