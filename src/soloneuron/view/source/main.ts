/** The playground's page, wired: its words, the line to the server, and the keys. */

import { landscape } from "./grid";
import { MessageHandler } from "./handler";
import { listen } from "./keys";
import { Playground } from "./playground";
import { Line } from "./socket";
import { fill, Words } from "./words";

// The line first: the server computes while the words come.
const line = new Line(location.search.slice(1));
const playground = new Playground(await Words.load(/[#&]lang=ru\b/.test(location.hash) ? "ru" : "en"), line);
line.attach(new MessageHandler(playground));
listen(playground);
Object.assign(globalThis, { soloneuron: { playground, landscape, fill } });
