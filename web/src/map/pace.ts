// How fast the page may draw a run, and with how many points, so that watching a run hardly slows it.
//
// Without a GPU, drawing uses the very cores that the optimiser uses. So the page measures what a draw takes, all
// of it, and lets at most a fixed share of the time go into drawing; a GPU draws in a millisecond and is not held.

const SHARE = 0.3;
const SHORTEST_MS = 40; // 25 frames/s: more is not seen
const LONGEST_MS = 420; // even the slowest machine shows more than two frames/s
const SLOW_MS = 60; // above this, fewer points are drawn while anything moves
const QUICK_MS = 30; // below this, more of them again
const FEWEST_POINTS = 20_000;
const STEP = 1.3;

export class Pace {
  private points: number;
  private averageMs = 0;
  private samples = 0;

  constructor(private readonly n: number) {
    this.points = n;
  }

  /** How many of the n points to draw while something moves: all of them where that is fast enough. */
  get pointsWhileMoving(): number {
    return this.points;
  }

  /** What a draw takes, in milliseconds, as a moving average; 0 before the first was measured. */
  get drawMs(): number {
    return this.averageMs;
  }

  /** From the start of one drawn frame of a run to the start of the next. */
  get interval(): number {
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.averageMs / SHARE));
  }

  /** Take one measured draw into account: of the points of `pointsWhileMoving`, or of all n. */
  record(milliseconds: number, points: number): void {
    if (points > this.points) return; // the one draw of all points when things rest holds nobody up
    this.averageMs += (this.samples === 0 ? 1 : 0.3) * (milliseconds - this.averageMs);
    this.samples += 1;
    if (this.averageMs > SLOW_MS) this.change(1 / STEP);
    else if (this.averageMs < QUICK_MS) this.change(STEP);
  }

  /** Whether this draw is to be measured: all at first, then one in four, since measuring waits for the GPU. */
  wantsSample(draws: number): boolean {
    return this.samples < 8 || draws % 4 === 0;
  }

  private change(factor: number): void {
    const before = this.points;
    const wanted = Math.round(before * factor);
    // The last step up takes all: nearly all points would look the same and not be the truth.
    this.points = wanted > this.n * 0.9 ? this.n : Math.max(Math.min(FEWEST_POINTS, this.n), wanted);
    // Expect what the change brings, so that one slow draw is not answered twice.
    if (this.points !== before) this.averageMs *= Math.min(1, this.points / before) ** 0.5;
  }
}
