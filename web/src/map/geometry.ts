// Pure geometry of the map's rows: no DOM and no GL, so that every rule here is a unit test.

import { type Box, type Extent, eyeOf, NEAREST, type Place, type Point, type View } from "./view";

/** The rows of a map, and which of them are there to be met. */
export interface Rows {
  positions: Float32Array;
  codes: Uint16Array;
  /** 1 where that class is switched off, by code. */
  hidden: Uint8Array;
  /** 1 for each row that a filter leaves out; null where there is no filter. */
  leftOut: Uint8Array | null;
}

/** Whether that row is neither switched off nor left out. */
export const isThere = ({ codes, hidden, leftOut }: Rows, row: number): boolean =>
  !hidden[codes[row] as number] && !leftOut?.[row];

export interface PickQuery extends Rows {
  px: number;
  py: number;
  /** in CSS pixels */
  radius: number;
  /** the diameter of a dot at the centre's depth, in CSS pixels */
  diameter: number;
}

/**
 * The visible row that is meant by a pixel, or -1: one pass over all rows, the same on every GPU. In 3-D it is the
 * foremost of the dots that the pixel lies on, as that one is seen there; else, and in 2-D, the nearest in the radius.
 */
export function pick(view: View, query: PickQuery): number {
  const { positions, codes, hidden, leftOut } = query;
  const { right, up, toward, lens } = eyeOf(view);
  const [rx, ry, rz] = right;
  const [ux, uy, uz] = up;
  const [tx, ty, tz] = toward;
  const dim = view.dim;
  const sx = query.px - view.width / 2;
  const sy = view.height / 2 - query.py;
  let best = query.radius * query.radius;
  let front = Number.NEGATIVE_INFINITY;
  let found = -1;
  for (let row = 0, at = 0; row < codes.length; row++, at += dim) {
    const x = (positions[at] as number) - view.x;
    const y = (positions[at + 1] as number) - view.y;
    const z = dim === 3 ? (positions[at + 2] as number) - view.z : 0;
    const depth = tx * x + ty * y + tz * z;
    const w = 1 - depth * lens;
    if (w < NEAREST) continue;
    const scale = view.zoom / w;
    const dx = (rx * x + ry * y + rz * z) * scale - sx;
    const dy = (ux * x + uy * y + uz * z) * scale - sy;
    const d2 = dx * dx + dy * dy;
    const on = dim === 3 && d2 <= (0.5 * dotAt(query.diameter, w)) ** 2;
    if (on ? depth <= front : front > Number.NEGATIVE_INFINITY || !(d2 <= best)) continue;
    if (hidden[codes[row] as number] || leftOut?.[row]) continue;
    if (on) front = depth;
    else best = d2;
    found = row;
  }
  return found;
}

/** No dot is drawn larger than so many times its size at the centre's depth. */
export const LARGEST_NEAR = 4;

/** The diameter of a dot whose perspective divides by w. */
const dotAt = (diameter: number, w: number): number => diameter * Math.min(LARGEST_NEAR, 1 / w);

/** The box and the ball around all rows. */
export function extentOf(
  dim: 2 | 3,
  positions: Float32Array,
  lo: readonly number[],
  hi: readonly number[],
): Extent {
  if (dim === 2) return { lo, hi, radius: 0 };
  const [x, y, z] = [0, 1, 2].map((axis) => ((lo[axis] ?? 0) + (hi[axis] ?? 0)) / 2) as [
    number,
    number,
    number,
  ];
  let most = 0;
  for (let at = 0; at < positions.length; at += 3) {
    const dx = (positions[at] as number) - x;
    const dy = (positions[at + 1] as number) - y;
    const dz = (positions[at + 2] as number) - z;
    most = Math.max(most, dx * dx + dy * dy + dz * dz);
  }
  return { lo, hi, radius: Math.sqrt(most) };
}

const DEPTHS = 4096;

/** Puts rows in the order that they are painted in: the farthest first, so that the nearest lie on top. */
export class DepthOrder {
  private readonly keys: Uint16Array;
  private readonly starts = new Uint32Array(DEPTHS);
  private readonly depths: Float32Array;
  readonly rows: Uint32Array<ArrayBuffer>;

  constructor(n: number) {
    this.keys = new Uint16Array(n);
    this.depths = new Float32Array(n);
    this.rows = new Uint32Array(n);
  }

  /** Sort the first `count` of `among` into the first places of `rows`, by counting: one pass over them, and two. */
  sort(toward: Place, positions: Float32Array, among: Uint32Array, count: number): void {
    const { keys, starts, depths, rows } = this;
    const [tx, ty, tz] = toward;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const at = 3 * (among[i] as number);
      const depth =
        tx * (positions[at] as number) +
        ty * (positions[at + 1] as number) +
        tz * (positions[at + 2] as number);
      depths[i] = depth;
      if (depth < low) low = depth;
      if (depth > high) high = depth;
    }
    const scale = high > low ? (DEPTHS - 1) / (high - low) : 0;
    starts.fill(0);
    for (let i = 0; i < count; i++) {
      const key = ((depths[i] as number) - low) * scale;
      keys[i] = key;
      starts[key | 0] = (starts[key | 0] as number) + 1;
    }
    let before = 0;
    for (let key = 0; key < DEPTHS; key++) {
      const here = starts[key] as number;
      starts[key] = before;
      before += here;
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i] as number;
      const place = starts[key] as number;
      rows[place] = among[i] as number;
      starts[key] = place + 1;
    }
  }
}

/**
 * Where the hover card's top left corner goes: directly above the point; below it where there is no room
 * above, far enough down to clear the pointer; never outside the window.
 */
export function placeCard(point: Point, card: { width: number; height: number }, room: Box): Point {
  const gap = 14;
  const pointer = 26;
  const left = Math.min(Math.max(point[0] - card.width / 2, room.left), room.right - card.width);
  const above = point[1] - gap - card.height;
  if (above >= room.top) return [left, above];
  return [left, Math.min(point[1] + pointer, room.bottom - card.height)];
}

/** Rows sampled per class for its label's place: a class's own rows, evenly spread over the set. */
export function sampleByClass(codes: Uint16Array, classes: number, each: number): Uint32Array[] {
  const seen = new Uint32Array(classes);
  for (const code of codes) if (code < classes) seen[code] = (seen[code] as number) + 1;
  const stride = Array.from(seen, (count) => Math.max(1, count / each));
  const taken = new Uint32Array(classes);
  const rows: number[][] = Array.from({ length: classes }, () => []);
  codes.forEach((code, row) => {
    if (code >= classes) return;
    const at = taken[code] as number;
    if (at >= (rows[code] as number[]).length * (stride[code] as number)) rows[code]?.push(row);
    taken[code] = at + 1;
  });
  return rows.map((list) => Uint32Array.from(list));
}

/** The median place of those rows, or null for none: it stays inside a cluster when a few rows stray. */
export function medianPlace(dim: 2 | 3, positions: Float32Array, rows: Uint32Array): number[] | null {
  if (rows.length === 0) return null;
  const middle = rows.length >> 1;
  return Array.from(
    { length: dim },
    (_, axis) =>
      Float32Array.from(rows, (row) => positions[dim * row + axis] as number).sort()[middle] as number,
  );
}

/** 0..n-1 in a fixed random order: any first part of it is a fair sample, and no class lies on top. */
export function shuffledRows(n: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  let state = 0x9e3779b9;
  for (let i = n - 1; i > 0; i--) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    const j = ((state ^ (state >>> 13)) >>> 0) % (i + 1);
    const kept = rows[i] as number;
    rows[i] = rows[j] as number;
    rows[j] = kept;
  }
  return rows;
}

/** A dot's diameter in CSS pixels: smaller where many rows share the room, larger as one zooms in. */
export function dotSize(n: number, fittedZoom: number, view: View): number {
  const room = view.width * view.height;
  const alone = 0.95 * Math.sqrt(room / Math.max(n, 1));
  const nearer = Math.max(1, view.zoom / fittedZoom) ** 0.5;
  return Math.min(14, Math.max(2.2, Math.min(alone, 9)) * nearer);
}
