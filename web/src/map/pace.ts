// How fast the page may draw a run, and with how many points, so that watching a run hardly slows it.
//
// Without a GPU, drawing uses the very cores that the optimiser uses. So the page measures what a draw takes, all
// of it, and lets at most a fixed share of the time go into drawing; a GPU draws in a millisecond and is not held.

const SHARE = 0.3;
const SHORTEST_MS = 40; // 25 frames/s: more is not seen
const LONGEST_MS = 420; // even the slowest machine shows more than two frames/s
const SLOW_DRAW_MS = 50; // above this, fewer points are drawn while anything moves
const FEWEST_POINTS = 12_000;

export class Pace {
  /** milliseconds per draw of `points` points, as a slowly moving average */
  private fixedMs = 4;
  private perPointMs = 0;
  private samples = 0;

  /** Take one measured draw into account. */
  record(milliseconds: number, points: number): void {
    if (points <= 0) return;
    const each = Math.max(0, milliseconds - this.fixedMs) / points;
    const weight = this.samples === 0 ? 1 : 0.25;
    this.perPointMs += weight * (each - this.perPointMs);
    this.samples += 1;
  }

  expected(points: number): number {
    return this.samples === 0 ? 0 : this.fixedMs + this.perPointMs * points;
  }

  /** How many of n points to draw while something moves: all of them where that is fast enough. */
  pointsWhileMoving(n: number): number {
    if (this.expected(n) <= SLOW_DRAW_MS) return n;
    const affordable = Math.floor((SLOW_DRAW_MS - this.fixedMs) / this.perPointMs);
    return Math.min(n, Math.max(FEWEST_POINTS, affordable));
  }

  /** From the start of one drawn frame of a run to the start of the next. */
  interval(points: number): number {
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.expected(points) / SHARE));
  }

  /** Whether this draw is to be measured: all at first, then one in eight, since measuring waits for the GPU. */
  wantsSample(draws: number): boolean {
    return this.samples < 4 || draws % 8 === 0;
  }
}
