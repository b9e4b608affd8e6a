// A small map of at most a thousand rows on a canvas of its own, flat or turned by hand.

import { extentOf } from "../../map/geometry";
import { fitView, HOME, nearness, type Point, project, rotated, UPRIGHT, type View } from "../../map/view";
import type { Frame } from "../../net/frame";
import { css, type Rgb } from "../../palette";

export interface MiniLook {
  codes: Uint16Array;
  classes: readonly { colour: Rgb; opacity: number }[];
  line: string; // of an edge that joins two classes
  edges: { near: Uint16Array; each: number; count: number } | null;
  only: number | null; // the class that is shown, others are faint
}

const RADIUS = 3.2;
const PICK = 9;
const INSET = { left: 10, top: 10, right: 10, bottom: 10 };
const FAINT = 0.12;

export class MiniMap {
  private readonly context: CanvasRenderingContext2D;
  private frame: Frame | null = null;
  private look: MiniLook | null = null;
  private orientation = HOME;
  private size = 0;
  private asked = 0;
  private places: (Point | null)[] = [];
  draws = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d") as CanvasRenderingContext2D;
  }

  resize(size: number): void {
    const ratio = Math.min(2, window.devicePixelRatio);
    this.size = size;
    this.canvas.width = this.canvas.height = Math.round(size * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.schedule();
  }

  show(frame: Frame | null): void {
    this.frame = frame;
    this.schedule();
  }

  setLook(look: MiniLook): void {
    this.look = look;
    this.schedule();
  }

  turn(dx: number, dy: number): void {
    if (this.frame?.dim !== 3) return;
    this.orientation = rotated({ ...this.view(), dim: 3 }, dx, dy).orientation;
    this.schedule();
  }

  get turns(): boolean {
    return this.frame?.dim === 3;
  }

  /** The row at a point of the canvas, or -1. */
  pick(x: number, y: number): number {
    let found = -1;
    let best = PICK ** 2;
    this.places.forEach((place, row) => {
      if (!place || !this.shows(row)) return;
      const away = (place[0] - x) ** 2 + (place[1] - y) ** 2;
      if (away > best) return;
      best = away;
      found = row;
    });
    return found;
  }

  placeOf(row: number): Point | null {
    return this.places[row] ?? null;
  }

  stop(): void {
    cancelAnimationFrame(this.asked);
  }

  private shows(row: number): boolean {
    const code = this.look?.codes[row] ?? 0;
    const { only } = this.look as MiniLook;
    return (only === null || only === code) && (this.look?.classes[code]?.opacity ?? 0) > 0;
  }

  private view(): View {
    const { dim, positions } = this.frame as Frame;
    const lo = [0, 1, 2].map((axis) => least(positions, dim, axis, Math.min));
    const hi = [0, 1, 2].map((axis) => least(positions, dim, axis, Math.max));
    const turned = dim === 3 ? this.orientation : UPRIGHT;
    return fitView(dim, extentOf(dim, positions, lo, hi), [this.size, this.size], INSET, turned);
  }

  private schedule(): void {
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { context, look, frame } = this;
    context.clearRect(0, 0, this.size, this.size);
    if (!look || !frame || this.size === 0) return;
    const view = this.view();
    const { positions, dim, n } = frame;
    const at = (row: number): Float32Array => positions.subarray(row * dim, (row + 1) * dim);
    this.places = Array.from({ length: n }, (_, row) => project(view, at(row)));
    if (look.edges) this.drawEdges(look, look.edges);
    const order = Array.from({ length: n }, (_, row) => row);
    const depths = dim === 3 ? order.map((row) => nearness(view, at(row))) : null;
    if (depths) order.sort((a, b) => (depths[a] as number) - (depths[b] as number));
    const reach = depths ? Math.max(1e-9, ...depths.map(Math.abs)) : 1;
    for (const row of order) {
      const place = this.places[row];
      const { colour, opacity } = look.classes[look.codes[row] as number] ?? {
        colour: [0, 0, 0],
        opacity: 0,
      };
      if (!place || opacity === 0) continue;
      const depth = depths ? (depths[row] as number) / reach : 0; // -1 the farthest, 1 the nearest
      const faint = look.only !== null && look.only !== look.codes[row] ? FAINT : 1;
      context.globalAlpha = 0.85 * opacity * faint * (depths ? 0.72 + 0.28 * depth : 1);
      context.fillStyle = css(colour);
      context.beginPath();
      context.arc(place[0], place[1], RADIUS * (1 + 0.3 * depth), 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    this.draws += 1;
    this.canvas.dataset.draws = String(this.draws);
    this.canvas.dataset.step = String(frame.step);
  }

  /** Each row tied to its nearest in the data: in the colour of the class that both are of, else grey. */
  private drawEdges(look: MiniLook, edges: NonNullable<MiniLook["edges"]>): void {
    const { context } = this;
    context.lineWidth = 1.1;
    for (let row = 0; row < this.places.length; row++) {
      const from = this.places[row];
      const code = look.codes[row] as number;
      for (let i = row * edges.each; i < row * edges.each + edges.count; i++) {
        const other = edges.near[i] as number;
        const to = this.places[other];
        const shown =
          (look.classes[code]?.opacity ?? 0) * (look.classes[look.codes[other] as number]?.opacity ?? 0);
        if (!from || !to || shown === 0) continue;
        const same = look.codes[other] === code;
        context.globalAlpha = (same ? 0.38 : 0.6) * shown;
        context.strokeStyle = same ? css(look.classes[code]?.colour as Rgb) : look.line;
        context.beginPath();
        context.moveTo(from[0], from[1]);
        context.lineTo(to[0], to[1]);
        context.stroke();
      }
    }
    context.globalAlpha = 1;
  }
}

function least(
  positions: Float32Array,
  dim: number,
  axis: number,
  of: (a: number, b: number) => number,
): number {
  if (axis >= dim) return 0;
  let found = positions[axis] as number;
  for (let at = axis; at < positions.length; at += dim) found = of(found, positions[at] as number);
  return found;
}
