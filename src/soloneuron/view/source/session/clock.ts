/** When the next steps are due: as many a second as are wanted, in the pace of the screen. */

/** Milliseconds that computing may take between two paintings. */
const BUDGET = 10;
/** After a longer pause (a page in the background) the time that went by is not made up for. */
const LONGEST = 100;

export class Clock {
  private owed = 0;
  private last: number | undefined;
  private handle = 0;

  /** `tick` is asked before every painting, as long as it wants to be. */
  constructor(private readonly tick: (elapsed: number) => boolean) {}

  start(): void {
    if (this.handle !== 0) return;
    this.last = undefined;
    this.owed = 0;
    this.ask();
  }

  stop(): void {
    cancelAnimationFrame(this.handle);
    this.handle = 0;
  }

  /** How many steps are due after so many milliseconds at so many steps a second. */
  due(elapsed: number, speed: number): number {
    this.owed += (Math.min(elapsed, LONGEST) * speed) / 1000;
    // A screen's intervals waver: what is almost due is due.
    const steps = Math.floor(this.owed + 0.2);
    this.owed -= steps;
    return steps;
  }

  private ask(): void {
    this.handle = requestAnimationFrame((now) => {
      this.handle = 0;
      const elapsed = this.last === undefined ? 0 : now - this.last;
      this.last = now;
      if (this.tick(elapsed)) this.ask();
    });
  }
}

/** Do something again and again, as long as it wants to and there is time. */
export function within(work: () => boolean, budget = BUDGET): void {
  const end = performance.now() + budget;
  while (work() && performance.now() < end);
}
