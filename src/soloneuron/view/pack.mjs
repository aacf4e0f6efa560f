/** Packs what comes in, by source/pack.ts: `npm run --silent pack < letters > packed`. */

import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";

const built = buildSync({ entryPoints: ["source/pack.ts"], bundle: true, format: "esm", write: false });
const { packedLetters } = await import(`data:text/javascript,${encodeURIComponent(built.outputFiles[0].text)}`);
process.stdout.write(packedLetters(readFileSync(0)));
