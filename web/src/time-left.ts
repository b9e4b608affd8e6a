// How long something goes on that tells how far it is, from how fast it has been so far.

const SOONEST_S = 1.5; // what was measured over less time tells nothing yet

export class TimeLeft {
  private stage = "";
  private first = { done: 0, at: 0 };

  /** Seconds left of this stage, or null while one cannot know. `now` is in milliseconds. */
  after(stage: string, done: number, total: number, now: number): number | null {
    if (stage !== this.stage || done < this.first.done) {
      this.stage = stage;
      this.first = { done, at: now };
    }
    const seconds = (now - this.first.at) / 1000;
    const gone = done - this.first.done;
    if (seconds < SOONEST_S || gone <= 0 || total <= done) return null;
    return ((total - done) * seconds) / gone;
  }
}
