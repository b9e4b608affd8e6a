// The camera over a map: where it stands, what hands do to it, and how it turns on after a throw.

import { Hand } from "./hand";
import { panned, rotated, UPRIGHT, type View, zoomedAt } from "./view";

const FALL_MS = 220; // in which a thrown map's speed falls to a third
const SLOWEST = 0.01; // pixels per millisecond, below which it stands still

export interface CameraEvents {
  /** A pointer took hold of the map, or the last one let go. */
  onHeld(on: boolean): void;
  /** A hand is about to move the map, or to turn it. */
  onMoving(says: string): void;
  /** A hand moved the map, or turned it, or took hold of it. */
  onTouched(): void;
  onTurned(): void;
  onReset(): void;
  /** Whether a map that was thrown turns on. */
  throws(): boolean;
}

export class MapCamera {
  private now: View = { dim: 2, x: 0, y: 0, z: 0, zoom: 1, width: 2, height: 2, orientation: UPRIGHT };
  private moved = false;
  private spin: { vx: number; vy: number; at: number } | null = null;

  constructor(element: HTMLElement, events: CameraEvents) {
    const move = (says: string, view: View): void => {
      events.onMoving(says);
      this.now = view;
      this.moved = true;
      events.onTouched();
    };
    const grip = {
      pan: (dx: number, dy: number) => move("moved the map", panned(this.now, dx, dy)),
      zoom: (factor: number, px: number, py: number) =>
        move("zoomed the map", zoomedAt(this.now, factor, px, py)),
      turn: (dx: number, dy: number) => {
        events.onMoving("turned the map");
        this.now = rotated(this.now, dx, dy);
        events.onTurned();
        events.onTouched();
      },
      hold: () => {
        this.spin = null;
        events.onHeld(true);
      },
      release: () => events.onHeld(false),
      throw: (vx: number, vy: number) => {
        if (!events.throws()) return;
        this.spin = { vx, vy, at: performance.now() };
        events.onTouched();
      },
      reset: () => events.onReset(),
    };
    new Hand(element, grip, () => this.now.dim === 3);
  }

  get view(): View {
    return this.now;
  }

  /** Whether a hand has panned or zoomed since this was last asked; turning does not count. */
  takeHandMoves(): boolean {
    const moved = this.moved;
    this.moved = false;
    return moved;
  }

  set(view: View): void {
    this.now = view;
  }

  stop(): void {
    this.spin = null;
  }

  /** Turn on after a throw, slower and slower; whether it still does. */
  turnOn(now: number): boolean {
    if (!this.spin) return false;
    const passed = Math.max(0, now - this.spin.at);
    const kept = Math.exp(-passed / FALL_MS);
    const way = FALL_MS * (1 - kept);
    const { vx, vy } = this.spin;
    this.now = rotated(this.now, vx * way, vy * way);
    this.spin = Math.hypot(vx, vy) * kept > SLOWEST ? { vx: vx * kept, vy: vy * kept, at: now } : null;
    return true;
  }
}
