// How fast the page may draw a run, and with how many points, so that watching a run hardly slows it.
//
// Without a GPU, drawing uses the very cores that the optimiser uses. So the page measures what a draw takes, all
// of it, and lets at most a fixed share of the time go into drawing; a GPU draws in a millisecond and is not held.

const SHARE = 0.2;
const BRIEF_SHARE = 0.6; // a run of a few seconds is to be seen; slowing it costs nobody anything
const BRIEF_S = 8;
const SHORTEST_MS = 40; // 25 frames/s: more is not seen
const LONGEST_MS = 420; // even the slowest machine shows more than two frames/s
const SLOW_MS = 45; // above this, fewer points are drawn while anything moves
const QUICK_MS = 25; // below this, more of them again
const FEWEST_POINTS = 20_000;
const STEP = 1.3;
// A draw that had to wait for a core says nothing about its own cost: so the average follows the quick ones.
const FALL = 0.5;
const RISE = 0.1;

export class Pace {
  private points: number;
  private averageMs = 0;
  private samples = 0;
  private share = SHARE;

  constructor(private readonly n: number) {
    this.points = n;
  }

  /** How many of the n points to draw while something moves: all of them where that is fast enough. */
  get pointsWhileMoving(): number {
    return this.points;
  }

  /** What a draw takes, in milliseconds, as an average that leans to the quick ones; 0 before the first was measured. */
  get drawMs(): number {
    return this.averageMs;
  }

  /** How long the run will take in all, in seconds, as far as one knows. */
  expect(seconds: number): void {
    this.share = seconds < BRIEF_S ? BRIEF_SHARE : SHARE;
  }

  /** From the start of one drawn frame of a run to the start of the next. */
  get interval(): number {
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.averageMs / this.share));
  }

  /** Take one measured draw into account: of the points of `pointsWhileMoving`, or of all n. */
  record(milliseconds: number, points: number): void {
    if (points > this.points) return; // the one draw of all points when things rest holds nobody up
    const weight = this.samples === 0 ? 1 : milliseconds < this.averageMs ? FALL : RISE;
    this.averageMs += weight * (milliseconds - this.averageMs);
    this.samples += 1;
    if (this.averageMs > SLOW_MS) this.change(Math.min(1 / STEP, SLOW_MS / this.averageMs));
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
    const brings = this.averageMs * Math.min(1, this.points / before) ** 0.5;
    if (this.points !== before) this.averageMs = factor < 1 / STEP ? Math.min(SLOW_MS, brings) : brings;
  }
}
