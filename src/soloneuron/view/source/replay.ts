/** The script of a page that holds nothing but a replay. */

import { openReplay } from "./playback";

await openReplay();
