// A line drawn by hand round some dots: with Shift held down, or with any drag while the lasso is taken up.

import { type How, howOf } from "../selection";
import { thinned } from "./region";
import type { Point } from "./view";

const APART = 3; // pixels between two points of the line
const LEAST = 6; // a shorter drag is a hand that trembled

export interface LassoEvents {
  /** The line so far; empty when it is over. */
  onLine(line: readonly Point[], how: How): void;
  /** It was closed. */
  onClosed(line: readonly Point[], how: How): void;
  /** Whether any drag draws, without Shift. */
  taken(): boolean;
}

export class Lasso {
  private line: Point[] = [];
  private how: How = "replace";
  private pointer: number | null = null;

  /** `area` is around the canvas: it hears of a press first, and then keeps it from whatever pans the map. */
  constructor(
    private readonly area: HTMLElement,
    private readonly canvas: HTMLElement,
    private readonly events: LassoEvents,
  ) {
    area.addEventListener("pointerdown", (event) => this.press(event), true);
    area.addEventListener("pointermove", (event) => this.draw(event), true);
    area.addEventListener("pointerup", (event) => this.close(event), true);
    area.addEventListener("pointercancel", () => this.end(), true);
  }

  private press(event: PointerEvent): void {
    const draws = event.button === 0 && (event.shiftKey || this.events.taken());
    if (event.target !== this.canvas || (!draws && this.pointer === null)) return;
    event.stopPropagation();
    if (this.pointer !== null) return; // another finger, while one draws
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.area.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.how = howOf(event);
    this.line = [this.at(event)];
  }

  private draw(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    event.stopPropagation();
    const moves = event.getCoalescedEvents?.() ?? [];
    this.line = thinned(
      [...this.line, ...(moves.length > 0 ? moves : [event]).map((e) => this.at(e))],
      APART,
    );
    this.events.onLine(this.line, this.how);
  }

  private close(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    event.stopPropagation();
    const { line, how } = this;
    this.end();
    const xs = line.map(([x]) => x);
    const ys = line.map(([, y]) => y);
    const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
    if (size >= LEAST) this.events.onClosed(line, how);
  }

  private end(): void {
    if (this.pointer !== null && this.area.hasPointerCapture(this.pointer)) {
      this.area.releasePointerCapture(this.pointer);
    }
    this.pointer = null;
    this.line = [];
    this.events.onLine([], this.how);
  }

  private at(event: PointerEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
