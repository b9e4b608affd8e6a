// Which moves of the camera are one gesture: a drag from press to release, or a burst of the wheel or of keys that ends
// with a pause. Pure.

const PAUSE_MS = 500;

export class Gestures {
  private held = false;
  private last = Number.NEGATIVE_INFINITY;

  /** `onBegun` hears of each gesture before the camera moves. */
  constructor(private readonly onBegun: (says: string) => void) {}

  /** A pointer takes hold of the map; what it does until it lets go is one gesture. */
  hold(): void {
    this.end();
    this.held = true;
  }

  release(): void {
    this.end();
  }

  /** The next move begins another gesture. */
  end(): void {
    this.held = false;
    this.last = Number.NEGATIVE_INFINITY;
  }

  /** The camera is about to be moved, at that time. */
  move(says: string, now: number): void {
    const goesOn = this.held ? Number.isFinite(this.last) : now - this.last <= PAUSE_MS;
    this.last = now;
    if (!goesOn) this.onBegun(says);
  }
}
