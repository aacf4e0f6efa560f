/** What must not happen too often while something moves. */

export class Pace {
  private last = -Infinity;

  /** At most once in so many milliseconds. */
  constructor(private readonly every: number) {}

  /** Whether it is time again; at rest it always is. */
  due(moving: boolean): boolean {
    const now = performance.now();
    if (moving && now - this.last < this.every) return false;
    this.last = now;
    return true;
  }
}

/** Milliseconds between two counts of numbers beside the pictures. */
export const COUNT_EVERY = 90;
/** Milliseconds between two sentences for readers of screens. */
export const SPEAK_EVERY = 4000;
