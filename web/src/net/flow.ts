// Which frame is drawn next, and when the server hears that it was: the newest wins, and the page sets the pace.
//
// The server has at most two frames under way and sends the next one only after an acknowledgement, which covers
// that frame and all before it. The page acknowledges only shortly before it is ready to draw another frame: so a
// slow page asks for few frames, and those that it gets are fresh.

import type { Frame } from "./frame";

const LEAD_MS = 20; // what a frame needs to come

export class FrameFlow {
  private waiting: Frame | null = null;
  private nextAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly acknowledge: (frame: Frame) => void) {}

  /** A frame came: it replaces one that was not drawn yet. */
  offer(frame: Frame): void {
    this.waiting = frame;
  }

  /** The frame to draw at this time, if one is there and its time has come. */
  take(now: number): Frame | null {
    if (!this.waiting || now < this.nextAt) return null;
    const frame = this.waiting;
    this.waiting = null;
    return frame;
  }

  /** Milliseconds until `take` would give the waiting frame; null when none waits. */
  due(now: number): number | null {
    return this.waiting ? Math.max(0, this.nextAt - now) : null;
  }

  /** That frame's drawing began at `started`; the next is not to begin before `interval` has passed. */
  drawn(frame: Frame, started: number, now: number, interval: number): void {
    this.nextAt = started + interval;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.acknowledge(frame), Math.max(0, this.nextAt - now - LEAD_MS));
  }
}
