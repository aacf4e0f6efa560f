/** The page, wired: the playground, or the replay of a race if a recording stands in it. */

import { landscape } from "./grid";
import { MessageHandler } from "./handler";
import { listen } from "./keys";
import { firstLanguage, wordsOf } from "./language";
import { openReplay } from "./playback";
import { Playground } from "./playground";
import { Engine } from "./session/engine";
import { fill } from "./words";

if (document.getElementById("recording") === null) await openPlayground();
else await openReplay();

async function openPlayground(): Promise<void> {
  const engine = new Engine(location.search.slice(1));
  const playground = new Playground(await wordsOf(firstLanguage()), engine);
  engine.attach(new MessageHandler(playground));
  listen(playground);
  Object.assign(globalThis, { soloneuron: { playground, landscape, fill } });
}
