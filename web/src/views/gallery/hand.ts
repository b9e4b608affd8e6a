// What the hand and the keys do in the gallery. A click keeps an image; Ctrl adds, Shift takes all up to there, Alt removes,
// and a rectangle drawn with the mouse selects what it touches.

import { signal } from "@preact/signals";
import { howOf, keep, select, selectedFlags } from "../../selection";
import { hovered } from "../../state";
import { look, onPage } from "../registry";
import { type Grid, indexAt, stepped, touched } from "./grid";
import type { Pane } from "./pane";
import { cursor, order } from "./shown";

const SLACK = 4; // px that a hand may move in a click
const EDGE = 28; // px from the border at which a drag scrolls

/** In px of the stage. */
export interface Rubber {
  left: number;
  top: number;
  width: number;
  height: number;
}

export class Hand {
  readonly focused = signal(false);
  readonly rubber = signal<Rubber | null>(null);
  /** where a range begins: the image that the hand or the keys were at last */
  anchor: number | null = null;
  private press: { x: number; y: number; top: number } | null = null;

  constructor(
    private readonly pane: Pane,
    private readonly scroller: HTMLElement,
  ) {}

  /** From here on; the result ends it. */
  listen(onScroll: () => void): () => void {
    const control = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(
      name: K,
      does: (event: HTMLElementEventMap[K]) => void,
    ): void => this.scroller.addEventListener(name, does, { signal: control.signal });
    on("scroll", onScroll);
    on("pointerdown", (event) => this.onDown(event));
    on("pointermove", (event) => this.onMove(event));
    on("pointerup", (event) => this.onUp(event));
    on("pointercancel", () => this.letGo());
    on("pointerleave", () => {
      hovered.value = null;
    });
    on("dblclick", (event) => {
      if (this.indexUnder(event) !== null && !onPage.peek().has("image")) look("image");
    });
    on("keydown", (event) => this.onKey(event));
    on("focus", () => {
      this.focused.value = true;
    });
    on("blur", () => {
      this.focused.value = false;
    });
    return () => control.abort();
  }

  private pointOf(event: MouseEvent): { x: number; y: number } {
    const box = this.scroller.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private indexUnder(event: MouseEvent): number | null {
    const grid = this.pane.grid.peek();
    const { x, y } = this.pointOf(event);
    return grid && x < this.pane.stage.peek().width ? indexAt(grid, x, y + this.pane.top) : null;
  }

  private onDown(event: PointerEvent): void {
    const { x, y } = this.pointOf(event);
    const onScrollbar = x >= this.pane.stage.peek().width;
    this.press = event.button !== 0 || onScrollbar ? null : { x, y, top: this.pane.top };
  }

  private onMove(event: PointerEvent): void {
    if (!this.press) {
      const index = this.indexUnder(event);
      hovered.value = index === null ? null : (order.peek().rows[index] ?? null);
      return;
    }
    if (event.pointerType === "touch") return; // a finger scrolls
    const { x, y } = this.pointOf(event);
    if (this.rubber.peek() === null) {
      if (Math.hypot(x - this.press.x, y - this.press.y) < SLACK) return;
      this.scroller.setPointerCapture(event.pointerId);
      hovered.value = null;
    }
    const { pane, press } = this;
    const { height } = pane.stage.peek();
    const push = y < EDGE ? y - EDGE : y > height - EDGE ? y - height + EDGE : 0;
    if (push !== 0) pane.scrollTo(pane.top + push);
    const from = press.y + press.top - pane.top;
    this.rubber.value = {
      left: Math.min(x, press.x),
      top: Math.min(y, from),
      width: Math.abs(x - press.x),
      height: Math.abs(y - from),
    };
  }

  private onUp(event: PointerEvent): void {
    const { press } = this;
    const box = this.rubber.peek();
    this.letGo();
    const grid = this.pane.grid.peek();
    if (!press || !grid) return;
    if (!box) {
      this.onClick(event, this.indexUnder(event));
      return;
    }
    const top = box.top + this.pane.top;
    const area = { left: box.left, right: box.left + box.width, top, bottom: top + box.height };
    const rows = touched(grid, area).map((index) => order.peek().rows[index] as number);
    select(rows, event.shiftKey && !event.altKey ? "add" : howOf(event));
  }

  private letGo(): void {
    this.press = null;
    this.rubber.value = null;
  }

  private onClick(event: PointerEvent, index: number | null): void {
    const row = index === null ? undefined : order.peek().rows[index];
    if (index === null || row === undefined) return;
    const more = event.ctrlKey || event.metaKey;
    if (event.shiftKey && this.anchor !== null) this.selectTo(index, more);
    else if (event.altKey) select([row], "remove");
    else if (more) toggle(row);
    else keep(row);
    if (!event.shiftKey) this.anchor = index;
    cursor.value = row;
  }

  /** From where the hand or the keys were last, to there. */
  private selectTo(index: number, more: boolean): void {
    const from = this.anchor ?? index;
    const rows = order.peek().rows.subarray(Math.min(from, index), Math.max(from, index) + 1);
    select(rows, more ? "add" : "replace");
  }

  private onKey(event: KeyboardEvent): void {
    const grid = this.pane.grid.peek();
    if (!grid || grid.total === 0) return;
    const { rows } = order.peek();
    const row = cursor.peek();
    const at = row === null ? -1 : rows.indexOf(row);
    const more = event.ctrlKey || event.metaKey;
    if (more && event.key === "a") select(rows);
    else if (more || event.altKey) return;
    else if (event.key === "Enter" && row !== null && at >= 0) keep(row);
    else if (event.key === " " && row !== null && at >= 0) toggle(row);
    else if (!this.step(event, grid, at)) return;
    event.preventDefault();
  }

  private step(event: KeyboardEvent, grid: Grid, at: number): boolean {
    const from = at < 0 ? this.pane.firstSeen : at;
    const next = stepped(grid, from, event.key, this.pane.stage.peek().height);
    if (next === null) return false;
    const to = at < 0 && event.key.startsWith("Arrow") ? from : next; // the first arrow only shows where one is
    if (event.shiftKey) {
      this.anchor ??= at < 0 ? to : at;
      this.selectTo(to, false);
    } else this.anchor = to;
    cursor.value = order.peek().rows[to] ?? null;
    this.pane.reveal(to);
    return true;
  }
}

function toggle(row: number): void {
  select([row], selectedFlags.peek()[row] ? "remove" : "add");
}
