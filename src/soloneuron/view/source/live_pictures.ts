/** What only a page that trains has in its pictures: neurons, clicks, and the names of the data. */

import type { Page } from "./context";
import { bareNames, featureNames } from "./feature_names";
import { NeuronPicture } from "./neuron_picture";
import { ownPoints } from "./points";
import type { Point } from "./protocol";
import type { Race } from "./race";
import type { LivePictures } from "./stage";

export class PagePictures implements LivePictures {
  constructor(private readonly page: Page) {}

  neuron(race: Race, loss: number): NeuronPicture {
    return new NeuronPicture(this.page, race, loss);
  }

  /** A click takes away the point under it, or adds one; a finger, which has no Shift, first gives it the other class. */
  click(x: number, y: number, near: number, other: boolean, touch: boolean): void {
    const points = ownPoints(this.page);
    const hit = points.flatMap(([px, py], row) => (Math.hypot(px - x, py - y) > near * (touch ? 2 : 1) ? [] : [row]));
    const turned = touch ? hit.slice(0, 1).flatMap((row) => points.slice(row, row + 1)).filter(([, , label]) => label === 0) : [];
    if (turned.length > 0) hit.length = 1;
    const add = hit.length === 0 ? [[x, y, other ? 1 : 0] as Point] : turned.map(([px, py]): Point => [px, py, 1]);
    this.page.editPoints(add, hit);
  }

  names(race: Race): readonly string[] {
    return featureNames(race.setup.config, this.page.words);
  }

  weights(race: Race): readonly string[] {
    return bareNames(race.setup.config, this.page.words);
  }
}
