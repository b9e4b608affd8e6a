// What the pointer is on. Rows are looked for at most 25 times a second, and not while the map is dragged.

import { isThere, pick, type Rows } from "./geometry";
import type { Stage } from "./stage";
import { type Point, projectRow } from "./view";

const EVERY_MS = 40;
const RADIUS = 8;
const TOUCH_RADIUS = 18;
const CLICK_SLOP = 4;
const STAYS_WITHIN = 20;

export interface HoverEvents {
  onHover(row: number | null): void;
  onClick(row: number | null, event: PointerEvent): void;
  onDoubleClick(row: number): void;
}

const reach = (event: PointerEvent): number => (event.pointerType === "touch" ? TOUCH_RADIUS : RADIUS);

export class Hover {
  private pointer: Point | null = null;
  private radius = RADIUS;
  private pressedAt: Point | null = null;
  private row: number | null = null;
  private lookedAt = 0;
  private timer: number | undefined;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly stage: Stage,
    private readonly rows: () => Rows | null,
    /** The row of an image that is drawn there in place of a dot, or -1. */
    private readonly imageAt: (px: number, py: number) => number,
    private readonly events: HoverEvents,
  ) {
    const at = (event: PointerEvent): Point => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointermove", (event) => {
      if (!event.isPrimary) return;
      this.pointer = at(event);
      this.radius = reach(event);
      if (event.buttons === 0) this.lookSoon();
      else if (this.pressedAt && this.strayed(this.pointer)) this.set(null);
    });
    canvas.addEventListener("pointerdown", (event) => {
      this.pressedAt = event.isPrimary ? at(event) : null; // two fingers click nothing
      if (!this.pressedAt) return this.set(null);
      this.pointer = this.pressedAt;
      this.radius = reach(event);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (!event.isPrimary) return;
      const click = event.button === 0 && this.pressedAt !== null && !this.strayed(at(event));
      this.pressedAt = null;
      if (click) {
        this.look();
        this.events.onClick(this.row, event);
      } else if (event.pointerType === "touch") this.leave();
      else this.lookSoon();
    });
    const twice = (event: MouseEvent): void => {
      this.look();
      if (this.row === null) return; // beside the dots it is the camera's
      event.stopImmediatePropagation();
      this.events.onDoubleClick(this.row);
    };
    canvas.addEventListener("dblclick", twice, { capture: true });
    canvas.addEventListener("pointercancel", () => {
      this.pressedAt = null;
      this.leave();
    });
    canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") this.leave(); // what a finger tapped stays when it is lifted
    });
    canvas.addEventListener("wheel", () => this.lookSoon(), { passive: true });
  }

  /** After a draw: the row stays while it is near the pointer, so that the card does not flicker as rows pass. */
  follow(): void {
    const rows = this.rows();
    if (!this.pointer || this.pressedAt || !rows) return;
    const place = this.row === null ? null : projectRow(this.stage.view, rows.positions, this.row);
    const near = place && Math.hypot(place[0] - this.pointer[0], place[1] - this.pointer[1]) < STAYS_WITHIN;
    if (!near || !isThere(rows, this.row as number)) this.lookSoon();
  }

  private leave(): void {
    this.pointer = null;
    this.set(null);
  }

  private strayed(to: Point): boolean {
    const from = this.pressedAt as Point;
    return Math.hypot(to[0] - from[0], to[1] - from[1]) > CLICK_SLOP;
  }

  private lookSoon(): void {
    window.clearTimeout(this.timer);
    const wait = this.lookedAt + EVERY_MS - performance.now();
    if (wait <= 0) this.look();
    else this.timer = window.setTimeout(() => this.look(), wait);
  }

  private look(): void {
    window.clearTimeout(this.timer);
    this.lookedAt = performance.now();
    const rows = this.rows();
    if (!this.pointer || !rows || this.stage.turning) {
      this.set(null);
      return;
    }
    const [px, py] = this.pointer;
    const query = { ...rows, px, py, radius: this.radius, diameter: this.stage.diameter };
    const image = this.imageAt(px, py);
    const row = image >= 0 ? image : pick(this.stage.view, query);
    this.set(row < 0 ? null : row);
  }

  private set(row: number | null): void {
    if (row === this.row) return;
    this.row = row;
    this.events.onHover(row);
  }
}
