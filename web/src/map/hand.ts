// Mouse, pen and fingers on the map. One pointer drags: it pans a flat map and turns one of three dimensions, which
// the right button, or Ctrl or ⌘ held down, pans. Two fingers pan and zoom. The wheel zooms to the pointer.

import type { Point } from "./view";

export interface Grip {
  pan(dx: number, dy: number): void;
  turn(dx: number, dy: number): void;
  zoom(factor: number, px: number, py: number): void;
  /** A pointer took hold of the map. */
  hold(): void;
  /** The last one let go. */
  release(): void;
  /** The last one let go while turning it, at so many pixels per millisecond. */
  throw(vx: number, vy: number): void;
  reset(): void;
}

const SLOP = 3; // a hand that clicks trembles as much
const WHEEL = 0.0026; // of the zoom's logarithm for each pixel; a notch of most wheels is 100 or 120
const PINCH = 0.01; // a trackpad's pinch comes as a wheel of small steps with Ctrl
const LARGEST_STEP = 240;
const LINE = 16;
const PAGE = 400;
const STILL_MS = 60; // a pointer that rested so long before it let go throws nothing

export class Hand {
  private readonly pointers = new Map<number, Point>();
  private pressed: Point = [0, 0];
  private dragging = false;
  private panning = false;
  private speed: Point = [0, 0];
  private movedAt = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly grip: Grip,
    private readonly turns: () => boolean,
  ) {
    element.style.touchAction = "none";
    element.addEventListener("pointerdown", (event) => this.press(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    for (const over of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(over, (event) => this.release(event));
    }
    element.addEventListener("wheel", (event) => this.roll(event), { passive: false });
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    element.addEventListener("dblclick", () => {
      if (turns()) grip.reset();
    });
  }

  private press(event: PointerEvent): void {
    this.element.setPointerCapture(event.pointerId);
    const at: Point = [event.clientX, event.clientY];
    this.pointers.set(event.pointerId, at);
    this.grip.hold();
    this.speed = [0, 0];
    if (this.pointers.size > 1) return;
    this.pressed = at;
    this.dragging = false;
    this.panning = !this.turns() || event.button !== 0 || event.ctrlKey || event.metaKey;
  }

  private move(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now: Point = [event.clientX, event.clientY];
    if (this.pointers.size === 1 && !this.dragging) {
      if (distance(now, this.pressed) <= SLOP) return;
      this.dragging = true;
    }
    this.pointers.set(event.pointerId, now);
    if (this.pointers.size === 1) this.drag(now[0] - before[0], now[1] - before[1], event.timeStamp);
    else if (this.pointers.size === 2) this.pinch(event.pointerId, before, now);
  }

  private drag(dx: number, dy: number, time: number): void {
    if (this.panning) {
      this.grip.pan(dx, dy);
      return;
    }
    this.grip.turn(dx, dy);
    const passed = Math.max(1, time - this.movedAt);
    const weight = Math.min(1, passed / STILL_MS);
    this.speed = [
      this.speed[0] + weight * (dx / passed - this.speed[0]),
      this.speed[1] + weight * (dy / passed - this.speed[1]),
    ];
    this.movedAt = time;
  }

  private pinch(moved: number, before: Point, now: Point): void {
    const other = [...this.pointers].find(([id]) => id !== moved)?.[1] ?? before;
    this.dragging = true;
    this.grip.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    const box = this.element.getBoundingClientRect();
    this.grip.zoom(factor, (now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top);
  }

  private release(event: PointerEvent): void {
    if (!this.pointers.delete(event.pointerId) || this.pointers.size > 0) return;
    this.grip.release();
    const thrown = this.dragging && !this.panning && event.timeStamp - this.movedAt < STILL_MS;
    if (thrown) this.grip.throw(...this.speed);
  }

  private roll(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? PAGE : event.deltaMode === 1 ? LINE : 1;
    const step = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, event.deltaY * unit));
    const box = this.element.getBoundingClientRect();
    const factor = Math.exp(-step * (event.ctrlKey ? PINCH : WHEEL));
    this.grip.zoom(factor, event.clientX - box.left, event.clientY - box.top);
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
