// The scrolling part of the gallery: which images are to be seen, and their picture. The picture stands still while the page behind it scrolls, so that there is one canvas as large as the stage.

import { effect, signal, untracked } from "@preact/signals";
import type { ImageWindow } from "../../net/images";
import type { DatasetRecord } from "../../net/wire";
import { classColour, css } from "../../palette";
import { selectedFlags } from "../../selection";
import { sought } from "../../show";
import { codes, dataset, hovered, images, labelOf, pinned, tell } from "../../state";
import { dark } from "../../theme";
import { type Colours, Easel, type Scene } from "./draw";
import { arranged, between, type Grid, MARGIN, placeOf, type Visible } from "./grid";
import { Hand } from "./hand";
import { cursor, firstRow, order, ready, size } from "./shown";

/** Browsers give up on taller pages; what is taller is scrolled in proportion. */
const TALLEST = 12_000_000;
const AHEAD = 0.5; // of a stage above and below are fetched before they are seen

export class Pane {
  readonly grid = signal<Grid | null>(null);
  /** how tall the page is that scrolls */
  readonly tall = signal(0);

  /** the part of it that is seen */
  readonly stage = signal({ width: 0, height: 0 });
  readonly hand: Hand;

  private readonly easel: Easel;
  private readonly window_: ImageWindow | null;
  private readonly stops: (() => void)[] = [];
  private planned = 0;
  private shownRows: Uint32Array | null = null;
  private fetched: Visible & { grid: Grid | null } = { grid: null, from: 0, to: 0 };
  private settled = false;
  /** the row that an address, or the gallery before this one, had at the top */
  private readonly restored = firstRow.peek();

  constructor(
    private readonly scroller: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
  ) {
    this.hand = new Hand(this, scroller);
    this.easel = new Easel(canvas.getContext("2d") as CanvasRenderingContext2D);
    this.window_ =
      images.value?.window(
        () => this.plan(),
        (error) => tell("warning", error.message),
      ) ?? null;
    const watch = new ResizeObserver(() => this.resize());
    watch.observe(scroller);
    this.stops.push(
      () => watch.disconnect(),
      effect(() => this.arrange()),
      effect(() => this.goTo(sought.value?.row ?? null)),
      effect(() => this.redrawOnChange()),
      this.hand.listen(() => this.plan()),
    );
  }

  close(): void {
    for (const stop of this.stops) stop();
    cancelAnimationFrame(this.planned);
    this.window_?.close();
    hovered.value = null;
  }

  // Where everything is.

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.scroller;
    const dpr = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * dpr);
    this.canvas.height = Math.round(height * dpr);
    this.stage.value = { width, height };
    this.plan();
  }

  /** Put the images in their places. Other rows begin at the top; the same ones stay where they are. */
  private arrange(): void {
    const { width, height } = this.stage.value;
    const { rows, groups } = order.value;
    const cell = size.value;
    const whole = ready.value;
    if (width === 0) return;
    untracked(() => {
      const grid = arranged(rows.length, groups, cell, width);
      const stays = rows === this.shownRows ? firstRow.peek() : this.settled ? null : this.restored;
      this.grid.value = grid;
      this.tall.value = Math.min(TALLEST, Math.max(grid.depth, height));
      this.shownRows = rows;
      // The page has its new height only after whoever draws it has been told.
      requestAnimationFrame(() => {
        const at = stays === null ? -1 : rows.indexOf(stays);
        this.scrollTo(at < 0 ? 0 : placeOf(grid, at).top - MARGIN);
        if (!this.settled) this.goTo(sought.peek()?.row ?? null);
        this.settled = whole;
        this.plan();
      });
    });
  }

  /** How far down it is scrolled, in px of the whole gallery. */
  get top(): number {
    return this.scroller.scrollTop * this.stretch;
  }

  private get stretch(): number {
    const height = this.stage.peek().height;
    const own = this.tall.peek() - height;
    const depth = (this.grid.peek()?.depth ?? 0) - height;
    return own > 0 && depth > own ? depth / own : 1;
  }

  scrollTo(top: number): void {
    this.scroller.scrollTop = Math.max(0, top) / this.stretch;
  }

  /** The first image that is seen. */
  get firstSeen(): number {
    const grid = this.grid.peek();
    return grid ? between(grid, this.top + MARGIN, this.top + MARGIN).from : 0;
  }

  /** Scroll only as far as needed to have that image in sight. */
  reveal(index: number): void {
    const grid = this.grid.peek();
    if (!grid || index < 0) return;
    const { top } = placeOf(grid, index);
    const bottom = top + grid.height + grid.text + MARGIN;
    const height = this.stage.peek().height;
    if (top - MARGIN - grid.title < this.top) this.scrollTo(top - MARGIN - grid.title);
    else if (bottom > this.top + height) this.scrollTo(bottom - height);
  }

  /** Go to a row that is sought, if it is among those shown. */
  private goTo(row: number | null): void {
    const grid = this.grid.peek();
    const index = row === null ? -1 : order.peek().rows.indexOf(row);
    if (!grid || index < 0) return;
    cursor.value = row;
    this.hand.anchor = index;
    this.scrollTo(placeOf(grid, index).top - (this.stage.peek().height - grid.height) / 2);
    this.plan();
  }

  // The picture.

  private redrawOnChange(): void {
    selectedFlags.value;
    pinned.value;
    hovered.value;
    cursor.value;
    dark.value;
    this.hand.focused.value;
    this.plan();
  }

  private plan(): void {
    if (this.planned === 0) this.planned = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.planned = 0;
    const grid = this.grid.peek();
    const facts = dataset.peek();
    const { width, height } = this.stage.peek();
    if (!grid || !facts || width === 0) return;
    const { rows } = order.peek();
    const top = Math.round(this.top);
    const seen = between(grid, top, top + height);
    this.fetch(grid, rows, seen, height);
    const scene = { ...this.scene(grid, facts, top, seen), hovered: hovered.peek() };
    if (this.hand.focused.peek()) scene.cursor = cursor.peek();
    const missing = this.easel.draw(scene, coloursOf(this.canvas), window.devicePixelRatio || 1);
    firstRow.value = top > MARGIN ? (rows[seen.from] ?? null) : null;
    this.report(grid, seen, missing, top, rows[seen.from]);
  }

  /** What there is to see from there on, whoever points at it. */
  private scene(grid: Grid, facts: DatasetRecord, top: number, seen: Visible): Scene {
    const classes = facts.classes.length;
    return {
      grid,
      rows: order.peek().rows,
      top,
      seen,
      shape: facts.image_shape,
      channels: facts.channels,
      invert: facts.ink_is_high !== dark.peek(),
      pixelsOf: (row) => images.peek()?.peek(row),
      labelOf,
      colourOf: (row) => css(classColour(codes.peek()[row] ?? classes, classes)),
      titleOf: (number) => `${(grid.sections[number]?.count ?? 0).toLocaleString("en")}`,
      selected: selectedFlags.peek(),
      kept: pinned.peek(),
      hovered: null,
      cursor: null,
    };
  }

  /** The images that are seen whole, with so many pixels for each CSS pixel; null where there are none. */
  snapshot(ratio: number): (Visible & { canvas: HTMLCanvasElement; width: number; height: number }) | null {
    const grid = this.grid.peek();
    const facts = dataset.peek();
    const { width, height } = this.stage.peek();
    if (!grid || !facts || grid.total === 0 || width === 0) return null;
    const { from, to } = between(grid, this.top, this.top + height);
    const tall = grid.height + grid.text;
    const whole = (index: number): boolean => {
      const { top } = placeOf(grid, index);
      return top >= this.top - 1 && top + tall <= this.top + height + 1;
    };
    const seen = Array.from({ length: to - from }, (_, i) => from + i).filter(whole);
    const [first, last] = [seen[0] ?? from, seen.at(-1) ?? from];
    const title = grid.sections.some((section) => section.first === first) ? grid.title : 0;
    const top = Math.round(placeOf(grid, first).top - title - MARGIN);
    const depth = Math.round(placeOf(grid, last).top + tall + MARGIN - top);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(depth * ratio)];
    const scene = this.scene(grid, facts, top, { from: first, to: last + 1 });
    const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    new Easel(pen).draw(scene, coloursOf(this.canvas), ratio);
    return { ...scene.seen, canvas, width, height: depth };
  }

  /** Fetch what is seen, then what comes next; asked only when a line came into sight. */
  private fetch(grid: Grid, rows: Uint32Array, seen: Visible, height: number): void {
    const { grid: before, from, to } = this.fetched;
    if (before === grid && from === seen.from && to === seen.to) return;
    this.fetched = { grid, ...seen };
    const ahead = between(grid, this.top - AHEAD * height, this.top + (1 + AHEAD) * height);
    this.window_?.show([...rows.subarray(seen.from, seen.to), ...rows.subarray(ahead.from, ahead.to)]);
  }

  /** What stands where, for whoever drives the page from outside. */
  private report(grid: Grid, seen: Visible, missing: number, top: number, first: number | undefined): void {
    const data = this.canvas.dataset;
    const { columns, left, width: across, height: down, text } = grid;
    data.grid = JSON.stringify({ columns, left, width: across, height: down, text, total: grid.total });
    data.from = String(seen.from);
    data.to = String(seen.to);
    data.first = String(first ?? -1);
    data.missing = String(missing);
    data.top = String(top);
    data.draws = String(Number(data.draws ?? 0) + 1);
  }
}

const NAMES = ["panel", "text", "quiet", "line", "accent", "on-accent"] as const;

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const [ground, text, quiet, line, accent, onAccent] = NAMES.map((name) =>
    style.getPropertyValue(`--${name}`),
  );
  return { dark: dark.peek(), ground, text, quiet, line, accent, onAccent } as Colours;
}
