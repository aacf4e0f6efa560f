/** The playground's page, wired: its words, the engine, and the keys. */

import { landscape } from "./grid";
import { MessageHandler } from "./handler";
import { listen } from "./keys";
import { firstLanguage, wordsOf } from "./language";
import { Playground } from "./playground";
import { Engine } from "./session/engine";
import { fill } from "./words";

const engine = new Engine(location.search.slice(1));
const playground = new Playground(await wordsOf(firstLanguage()), engine);
engine.attach(new MessageHandler(playground));
listen(playground);
Object.assign(globalThis, { soloneuron: { playground, landscape, fill } });
