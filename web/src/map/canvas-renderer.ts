// The map without a graphics card: each row is projected here and painted into the pixels of a picture. The same picture,
// and several times as fast as WebGL that the processor imitates.

import { type DotLook, fillGround, type Places, paint, type Stamp, stampOf } from "../explorer/dots";
import type { Rgb } from "../palette";
import {
  BETWEEN,
  type ClassLook,
  DIMMED,
  type Drawing,
  GREYED,
  GROWN,
  HAZE,
  HAZE_OF_VALUES,
  type Look,
  type Renderer,
  screenRatio,
  stepOf,
  type ValueLook,
} from "./drawing";
import { type Graph, type Lines, linesOf, part } from "./edges";
import { DepthOrder, LARGEST_NEAR, shuffledRows } from "./geometry";
import { type Line, paintLines } from "./lines";
import { eyeOf, NEAREST, type View } from "./view";

const LEVELS = 48; // of depth: each has a haze and a size of its dots
const GREY: Rgb = [128, 128, 128];
const MOST_OF_LINES = 2e7; // pixels of the edges in a picture: as long as they are, it is there in a moment

interface Map3 {
  dim: 2 | 3;
  positions: Float32Array;
}

const NO_MAP: Map3 = { dim: 2, positions: new Float32Array() };

export class CanvasRenderer implements Renderer {
  readonly kind = "canvas";
  readonly lost = false;
  private readonly context: CanvasRenderingContext2D;
  private picture = new ImageData(1, 1);
  private ratio = 1;
  private look: Look = { ground: [255, 255, 255], rimShade: 1 };
  private classes: readonly ClassLook[] = [];
  private values: ValueLook | null = null;
  private codes = new Uint16Array();
  private selected = new Uint32Array();
  private chosen = new Uint8Array(); // 1 for each of those
  private leftOut: Uint8Array | null = null;
  private now = NO_MAP;
  private before = NO_MAP;
  private mixed = new Uint32Array(); // the rows in a random order
  private byDepth = new DepthOrder(0);
  private places: Places = { x: new Float32Array(), y: new Float32Array() };
  private level = new Uint8Array(); // 0 the nearest
  private edges: Lines | null = null;

  /** Throws where the browser draws nothing at all. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("This browser has neither WebGL 2 nor a 2-D canvas.");
    this.context = context;
  }

  setRows(codes: Uint16Array<ArrayBuffer>): void {
    const n = codes.length;
    this.codes = codes;
    this.mixed = shuffledRows(n);
    this.byDepth = new DepthOrder(n);
    this.places = { x: new Float32Array(n), y: new Float32Array(n) };
    this.level = new Uint8Array(n);
    this.chosen = new Uint8Array(n);
    this.setSelected(this.selected);
  }

  setLook(look: Look): void {
    this.look = look;
  }

  setClasses(looks: readonly ClassLook[]): void {
    this.classes = looks;
  }

  setValues(look: ValueLook | null): void {
    this.values = look;
  }

  setSelected(rows: Uint32Array): void {
    this.selected = Uint32Array.from(rows);
    this.chosen.fill(0);
    for (const row of rows) this.chosen[row] = 1;
  }

  setLeftOut(flags: Uint8Array | null): void {
    this.leftOut = flags;
  }

  setEdges(graph: Graph | null): void {
    this.edges = graph && linesOf(graph, this.codes);
  }

  setPositions(dim: 2 | 3, positions: Float32Array<ArrayBuffer>): void {
    this.now = { dim, positions };
  }

  setBefore(dim: 2 | 3, positions: Float32Array<ArrayBuffer>): void {
    this.before = { dim, positions };
  }

  resize(width: number, height: number, ratio = screenRatio()): void {
    this.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(width * this.ratio));
    this.canvas.height = Math.max(1, Math.round(height * this.ratio));
    this.picture = this.context.createImageData(this.canvas.width, this.canvas.height);
  }

  draw(drawing: Drawing): void {
    const { view, turning, points } = drawing;
    if (this.now.positions.length === 0) return;
    const rows = this.inOrder(view, points);
    const placed = this.edges ? this.mixed : rows; // an edge may end at a row that is not drawn
    const apart = placed.length < this.codes.length ? [placed, this.selected] : [placed]; // else they are among all
    for (const some of apart) {
      this.place(turning ? this.before : this.now, turning ?? drawing, some, 1);
      if (turning) this.place(this.now, drawing, some, turning.share);
    }
    const chosen = this.selected.length > 0;
    fillGround(this.picture, this.look.ground);
    if (this.edges) this.paintEdges(this.edges, points / Math.max(1, this.mixed.length));
    const look = this.looks(drawing, chosen, 1);
    paint(this.picture, this.places, rows, chosen ? (row) => (this.chosen[row] ? null : look(row)) : look);
    if (chosen) paint(this.picture, this.places, this.selected, this.looks(drawing, false, GROWN));
    this.context.putImageData(this.picture, 0, 0);
  }

  finish(): void {
    return; // what was painted is there
  }

  dispose(): void {
    this.picture = new ImageData(1, 1);
  }

  /** The first `points` rows of the random order; in 3-D the farthest of them first. */
  private inOrder(view: View, points: number): Uint32Array {
    if (view.dim === 2) return this.mixed.subarray(0, points);
    this.byDepth.sort(eyeOf(view).toward, this.now.positions, this.mixed, points);
    return this.byDepth.rows.subarray(0, points);
  }

  /** Find the rows' pixels and levels in a view, or that share of the way there from where they were put before. */
  private place(map: Map3, seen: { view: View; radius: number }, rows: Uint32Array, share: number): void {
    const { dim, positions } = map;
    const { view, radius } = seen;
    const { lens, right, up, toward } = eyeOf(view);
    const [[rx, ry, rz], [ux, uy, uz], [tx, ty, tz]] = [right, up, toward];
    const zoom = this.ratio * view.zoom;
    const [middleX, middleY] = [(this.ratio * view.width) / 2, (this.ratio * view.height) / 2];
    const { x, y } = this.places;
    const deep = dim === 3 && radius > 0 ? 0.5 / radius : 0;
    const every = rows.length === x.length; // then in the order that they lie in
    for (let i = 0; i < rows.length; i++) {
      const row = every ? i : (rows[i] as number);
      const at = dim * row;
      const dx = (positions[at] as number) - view.x;
      const dy = (positions[at + 1] as number) - view.y;
      const dz = dim === 3 ? (positions[at + 2] as number) - view.z : 0;
      const near = tx * dx + ty * dy + tz * dz;
      const w = 1 - near * lens;
      const scale = w < NEAREST ? Number.NaN : zoom / w;
      const px = middleX + (rx * dx + ry * dy + rz * dz) * scale;
      const py = middleY - (ux * dx + uy * dy + uz * dz) * scale;
      x[row] = share < 1 ? (x[row] as number) + (px - (x[row] as number)) * share : px;
      y[row] = share < 1 ? (y[row] as number) + (py - (y[row] as number)) * share : py;
      if (deep > 0) this.level[row] = Math.round(Math.min(1, Math.max(0, 0.5 - near * deep)) * (LEVELS - 1));
    }
    if (deep === 0) this.level.fill(0);
  }

  /** That share of the edges; each in the colour of the row that it was drawn from, or grey between two classes. */
  private paintEdges(edges: Lines, share: number): void {
    const { codes, classes, leftOut, level } = this;
    const there = (row: number): boolean =>
      !leftOut?.[row] && (classes[codes[row] as number]?.opacity ?? 0) > 0;
    let left = MOST_OF_LINES;
    for (const [pairs, within] of [
      [edges.within, true],
      [edges.between, false],
    ] as const) {
      const made = new Map<number, Line>();
      const lineOf = (row: number, other: number): Line | null => {
        if (!there(row) || !there(other)) return null;
        const code = codes[row] as number;
        const depth = level[row] as number;
        let line = made.get(code * LEVELS + depth);
        if (!line) {
          const own = within ? greyed(classes[code]?.colour ?? GREY) : BETWEEN;
          const haze = this.now.dim === 3 ? (HAZE * depth) / (LEVELS - 1) : 0;
          line = {
            colour: mixed(own, this.look.ground, haze),
            strength: edges.strength * (classes[code]?.opacity ?? 1),
          };
          made.set(code * LEVELS + depth, line);
        }
        return line;
      };
      left -= paintLines(this.picture, this.places, part(pairs, share), lineOf, left);
    }
  }

  /** How each row looks: found once for each colour, strength and depth that there is. */
  private looks(drawing: Drawing, beside: boolean, grown: number): (row: number) => DotLook | null {
    const { codes, classes, leftOut, level, values } = this;
    const steps = values ? values.ramp.length + 1 : 1; // the last is for rows without a value
    const made = new Map<number, DotLook>();
    const stamps = this.stamps(drawing, grown);
    return (row) => {
      const code = codes[row] as number;
      const opacity = classes[code]?.opacity ?? 0;
      if (opacity === 0 || leftOut?.[row]) return null;
      const step = values ? stepOf(values, row) : 0;
      const depth = level[row] as number;
      const key = (code * steps + step) * LEVELS + depth;
      let look = made.get(key);
      if (!look) {
        const colour = values
          ? (values.ramp[step] ?? mixed(this.look.ground, GREY, 0.5))
          : classes[code]?.colour;
        const core = this.faded(colour ?? GREY, depth, beside);
        const rim = core.map((channel) => channel * this.look.rimShade) as unknown as Rgb;
        look = { core, rim, opacity: opacity * drawing.opacity, stamp: stamps[depth] as Stamp };
        made.set(key, look);
      }
      return look;
    };
  }

  private faded(colour: Rgb, depth: number, beside: boolean): Rgb {
    const haze = ((this.values ? HAZE_OF_VALUES : HAZE) * depth) / (LEVELS - 1);
    const hazed = mixed(colour, this.look.ground, this.now.dim === 3 ? haze : 0);
    return beside ? mixed(hazed, this.look.ground, DIMMED) : hazed;
  }

  /** The dot at each depth. */
  private stamps({ view, radius, diameter }: Drawing, grown: number): Stamp[] {
    const { lens } = eyeOf(view);
    const count = view.dim === 3 ? LEVELS : 1;
    return Array.from({ length: count }, (_, depth) => {
      const near = (1 - (2 * depth) / (LEVELS - 1)) * radius;
      const nearer = view.dim === 3 ? Math.min(LARGEST_NEAR, 1 / Math.max(NEAREST, 1 - near * lens)) : 1;
      const size = grown * diameter * this.ratio * nearer;
      return stampOf(size / 2, size >= 4 * this.ratio ? this.ratio : 0);
    });
  }
}

/** The colour of an edge within a class: its grey in part. */
const greyed = (colour: Rgb): Rgb => {
  const grey = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
  return mixed(colour, [grey, grey, grey], GREYED);
};

const mixed = (from: Rgb, to: Rgb, share: number): Rgb =>
  from.map((channel, i) => channel + ((to[i] as number) - channel) * share) as unknown as Rgb;
