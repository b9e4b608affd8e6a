// The canvas of a flat plot: takes where the rows stand, moves them there from where they stood, and paints.

import { stepOf, type ValueLook } from "../map/drawing";
import { shuffledRows } from "../map/geometry";
import type { Point } from "../map/view";
import type { Rgb } from "../palette";
import {
  type DotLook,
  faintness,
  fillGround,
  nearestRow,
  type Places,
  paint,
  rowBeside,
  rowsInside,
  stampOf,
} from "./dots";

const MOVE_MS = 200;
const PICK_RADIUS = 9;
const LARGEST_RATIO = 2;
const OPAQUE = 0.85;
const GREY: Rgb = [128, 128, 128]; // rows without a value

/** How the rows are to look; codes of classes index `classes`. */
export interface PlotLook {
  ground: Rgb;
  rimShade: number;
  codes: Uint16Array;
  classes: readonly { colour: Rgb; opacity: number }[];
  values: ValueLook | null; // what the colours say in place of the classes
  selected: Uint8Array | null; // 1 for each selected row; null: nothing is
  out: Uint8Array | null; // 1 for each row that the filters leave out; null: none
}

export interface PlacedDot extends DotLook {
  place: readonly [number, number];
}

export class DotPlot {
  private readonly context: CanvasRenderingContext2D;
  private size = 0;
  private ratio = 1;
  private picture: ImageData | null = null;
  private target: Places = { x: new Float32Array(), y: new Float32Array() }; // shares of the plot, y upward
  private from: Places | null = null;
  private began = 0;
  private places: Places = { x: new Float32Array(), y: new Float32Array() }; // pixels of the picture
  private order = new Uint32Array();
  private look: PlotLook | null = null;
  private frame = 0;
  private draws = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onDrawn: () => void,
  ) {
    this.context = canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
  }

  /** The diameter of a dot in CSS pixels: fewer rows have larger ones. */
  get radius(): number {
    return Math.min(4, Math.max(1.4, 4 * (500 / Math.max(1, this.target.x.length)) ** 0.22));
  }

  resize(size: number): void {
    const ratio = Math.min(LARGEST_RATIO, window.devicePixelRatio);
    if (size === this.size && ratio === this.ratio) return;
    this.size = size;
    this.ratio = ratio;
    this.canvas.width = this.canvas.height = Math.max(1, Math.round(size * ratio));
    this.picture = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.schedule();
  }

  /** Let each row stand there, in shares of the plot from its bottom left corner. */
  setPlaces(x: Float32Array, y: Float32Array): void {
    const same = this.target.x.length === x.length && x.length > 0;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.from = same && !calm ? this.target : null;
    this.began = performance.now();
    this.target = { x, y };
    if (this.order.length !== x.length) this.order = shuffledRows(x.length);
    this.schedule();
  }

  setLook(look: PlotLook): void {
    this.look = look;
    this.schedule();
  }

  /** The row at a point of the canvas, in CSS pixels from its top left corner, or -1. */
  pick(x: number, y: number): number {
    return nearestRow(this.places, x * this.ratio, y * this.ratio, PICK_RADIUS * this.ratio, this.shows);
  }

  beside(row: number, dx: number, dy: number): number {
    return rowBeside(this.places, row, dx, dy, this.shows);
  }

  inside(line: readonly Point[]): Uint32Array {
    const scaled = line.map(([x, y]): Point => [x * this.ratio, y * this.ratio]);
    return rowsInside(this.places, scaled, this.shows);
  }

  /** Where a row stands, in CSS pixels from the top left corner; null for one that is not on the plot. */
  placeOf(row: number): readonly [number, number] | null {
    const [x, y] = [this.places.x[row], this.places.y[row]];
    return x === undefined || y === undefined || !Number.isFinite(x + y) || !this.shows(row)
      ? null
      : [x / this.ratio, y / this.ratio];
  }

  /** Where each dot that is shown stands, in CSS pixels from the top left corner, and how it looks; the last lie on top. */
  dots(): PlacedDot[] {
    return this.layers(1).flatMap(({ rows, lookOf }) =>
      Array.from(rows).flatMap((row) => {
        const place = this.placeOf(row);
        const look = place && lookOf(row);
        return look ? [{ ...look, place }] : [];
      }),
    );
  }

  /** The plot as it stands, with so many pixels for each CSS pixel, on a canvas of its own. */
  snapshot(ratio: number): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.max(1, Math.round(this.size * ratio));
    const picture = new ImageData(canvas.width, canvas.height);
    const scaled = (all: Float32Array): Float32Array => all.map((at) => (at * ratio) / this.ratio);
    this.paintOn(picture, { x: scaled(this.places.x), y: scaled(this.places.y) }, ratio);
    canvas.getContext("2d")?.putImageData(picture, 0, 0);
    return canvas;
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private readonly shows = (row: number): boolean =>
    !this.look?.out?.[row] && (this.look?.classes[this.look.codes[row] as number]?.opacity ?? 0) > 0;

  private schedule(): void {
    this.canvas.dataset.still = "false";
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    if (!this.picture || !this.look) return;
    const share = this.from ? Math.min(1, (performance.now() - this.began) / MOVE_MS) : 1;
    this.place(1 - (1 - share) ** 3);
    if (share >= 1) this.from = null;
    this.paintOn(this.picture, this.places, this.ratio);
    this.context.putImageData(this.picture, 0, 0);
    this.draws += 1;
    this.canvas.dataset.draws = String(this.draws);
    this.canvas.dataset.rows = String(this.order.length);
    this.canvas.dataset.still = String(!this.from && this.order.length > 0);
    this.onDrawn();
    if (this.from) this.frame = requestAnimationFrame(() => this.draw());
  }

  private place(share: number): void {
    const { x, y } = this.target;
    const n = x.length;
    if (this.places.x.length !== n) this.places = { x: new Float32Array(n), y: new Float32Array(n) };
    const side = this.canvas.width;
    for (let row = 0; row < n; row++) {
      let [px, py] = [x[row] as number, y[row] as number];
      if (this.from) {
        px = mixed(this.from.x[row] as number, px, share);
        py = mixed(this.from.y[row] as number, py, share);
      }
      this.places.x[row] = px * side;
      this.places.y[row] = (1 - py) * side;
    }
  }

  private paintOn(picture: ImageData, places: Places, ratio: number): void {
    if (!this.look) return;
    fillGround(picture, this.look.ground);
    for (const { rows, lookOf } of this.layers(ratio)) paint(picture, places, rows, lookOf);
  }

  /** The rows from those that lie at the bottom: where some are selected, the others faint below them. */
  private layers(ratio: number): { rows: Uint32Array; lookOf(row: number): DotLook | null }[] {
    const selected = this.look?.selected;
    const lookOf = this.looks(OPAQUE, ratio);
    if (!selected) return [{ rows: this.order, lookOf }];
    const faint = faintness(this.order.length, this.radius, this.size);
    return [
      { rows: this.order.filter((row) => !selected[row]), lookOf: this.looks(faint * OPAQUE, ratio) },
      { rows: this.order.filter((row) => selected[row]), lookOf },
    ];
  }

  /** How each row looks, found once for each class and each step of the values; null: it is not drawn. */
  private looks(strength: number, ratio: number): (row: number) => DotLook | null {
    const { classes, codes, out, rimShade, values } = this.look as PlotLook;
    const stamp = stampOf(this.radius * ratio, this.radius >= 2 ? ratio : 0);
    const steps = values ? values.ramp.length + 1 : 1;
    const made = new Map<number, DotLook>();
    return (row) => {
      const code = codes[row] as number;
      const opacity = classes[code]?.opacity ?? 0;
      if (opacity === 0 || out?.[row]) return null;
      const step = values ? stepOf(values, row) : 0;
      let look = made.get(code * steps + step);
      if (!look) {
        const core = (values ? values.ramp[step] : classes[code]?.colour) ?? GREY;
        const rim = core.map((channel) => channel * rimShade) as unknown as Rgb;
        look = { stamp, core, rim, opacity: strength * opacity };
        made.set(code * steps + step, look);
      }
      return look;
    };
  }
}

/** Between two places; a row that had none is there at once. */
const mixed = (from: number, to: number, share: number): number =>
  Number.isFinite(from) ? from + (to - from) * share : to;
