/** What only a page that trains has in its pictures: neurons, clicks, and the names of the data. */

import type { Live } from "./context";
import { letDrag } from "./dragging";
import { bareNames, featureNames } from "./feature_names";
import type { Chart } from "./map";
import { NeuronPicture } from "./neuron_picture";
import { click } from "./points";
import type { Race } from "./race";
import type { LivePictures } from "./stage";

export class PagePictures implements LivePictures {
  constructor(private readonly page: Live) {}

  neuron(race: Race, loss: number): NeuronPicture {
    return new NeuronPicture(this.page, race, loss);
  }

  click(x: number, y: number, near: number, other: boolean, touch: boolean): void {
    click(this.page, x, y, near, other, touch);
  }

  drag(chart: Chart, again: () => void): void {
    letDrag(chart, (u, v) => this.page.configure({ start: [Number(u.toFixed(2)), Number(v.toFixed(2))] }), again);
  }

  names(race: Race): readonly string[] {
    return featureNames(race.setup.config, this.page.words);
  }

  weights(race: Race): readonly string[] {
    return bareNames(race.setup.config, this.page.words);
  }
}
