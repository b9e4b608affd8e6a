// The frames of a run that were seen, thinned so that they fit into a bounded memory: every one at first, then every
// second, every fourth. The newest is always there.

import type { Frame } from "../net/frame";

const ROOM = 48e6; // bytes of positions
const MOST = 120;
const LEAST = 4;

export class SeenFrames {
  private kept: Frame[] = [];
  private stride = 1;
  private since = 0; // frames since the last one that was kept for good
  private newest: Frame | null = null;

  /** Ascending steps; the last is the newest frame. */
  get frames(): readonly Frame[] {
    const last = this.kept.at(-1);
    return this.newest && last !== this.newest ? [...this.kept, this.newest] : this.kept;
  }

  /** Another run's frame, or one of an earlier step, begins anew. */
  see(frame: Frame): void {
    const before = this.newest;
    if (!before || before.run !== frame.run || frame.step < before.step || before.dim !== frame.dim) {
      this.kept = [frame];
      this.stride = 1;
      this.since = 0;
      this.newest = frame;
      return;
    }
    this.newest = frame;
    if (frame.step === before.step) {
      if (this.kept.at(-1) === before) this.kept = [...this.kept.slice(0, -1), frame];
      return;
    }
    this.since += 1;
    if (this.since < this.stride) return;
    this.since = 0;
    this.kept = [...this.kept, frame];
    const most = Math.max(LEAST, Math.min(MOST, Math.floor(ROOM / frame.positions.byteLength)));
    if (this.kept.length <= most) return;
    this.kept = this.kept.filter((_, i) => i % 2 === 0);
    this.stride *= 2;
  }
}
