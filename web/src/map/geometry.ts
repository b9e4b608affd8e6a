// Pure geometry of the 2-D map: no DOM and no GL, so that every rule here is a unit test.

/**
 * What part of the map is on the stage. A row at (x, y) stands at the stage pixel
 *   px = width / 2 + (x - view.x) * view.zoom,   py = height / 2 - (y - view.y) * view.zoom
 * in CSS pixels from the stage's top left corner; `zoom` is CSS pixels per unit of the map.
 */
export interface View {
  x: number;
  y: number;
  zoom: number;
  width: number;
  height: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export type Point = readonly [number, number];

export function project(view: View, x: number, y: number): Point {
  return [view.width / 2 + (x - view.x) * view.zoom, view.height / 2 - (y - view.y) * view.zoom];
}

/** The row's place on the stage, or null for a row that there is not. */
export function projectRow(view: View, positions: Float32Array, row: number): Point | null {
  const x = positions[2 * row];
  const y = positions[2 * row + 1];
  return x === undefined || y === undefined ? null : project(view, x, y);
}

export interface PickQuery {
  positions: Float32Array;
  codes: Uint16Array;
  /** 1 where that class is switched off, by code. */
  hidden: Uint8Array;
  px: number;
  py: number;
  /** in CSS pixels */
  radius: number;
}

/** The nearest visible row within the radius, or -1: one pass over all rows, the same on every GPU. */
export function pick(view: View, query: PickQuery): number {
  const { positions, codes, hidden } = query;
  const x = view.x + (query.px - view.width / 2) / view.zoom;
  const y = view.y - (query.py - view.height / 2) / view.zoom;
  const reach = query.radius / view.zoom;
  let best = reach * reach;
  let found = -1;
  for (let row = 0; row < codes.length; row++) {
    const dx = (positions[2 * row] as number) - x;
    const dy = (positions[2 * row + 1] as number) - y;
    const d2 = dx * dx + dy * dy;
    if (d2 <= best && !hidden[codes[row] as number]) {
      best = d2;
      found = row;
    }
  }
  return found;
}

/** The view that shows the whole of lo..hi inside the stage less its insets. One point alone gets zoom 1. */
export function fitView(lo: readonly number[], hi: readonly number[], size: Box, inset: Box): View {
  const width = size.right - size.left;
  const height = size.bottom - size.top;
  const [x0 = 0, y0 = 0] = lo;
  const [x1 = 0, y1 = 0] = hi;
  const roomX = Math.max(1, width - inset.left - inset.right);
  const roomY = Math.max(1, height - inset.top - inset.bottom);
  const zoom = Math.min(roomX / (x1 - x0), roomY / (y1 - y0));
  const usable = Number.isFinite(zoom) && zoom > 0 ? zoom : 1;
  return {
    x: (x0 + x1) / 2 + (inset.right - inset.left) / 2 / usable,
    y: (y0 + y1) / 2 + (inset.top - inset.bottom) / 2 / usable,
    zoom: usable,
    width,
    height,
  };
}

/** `share` (0..1) of the way from one view to another; zoom moves evenly in its logarithm. */
export function between(from: View, to: View, share: number): View {
  if (share >= 1) return to;
  const zoom = from.zoom * (to.zoom / from.zoom) ** share;
  // The centre follows what the zoom has covered, so that the target does not drift off and come back.
  const covered = from.zoom === to.zoom ? share : (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / to.zoom);
  return {
    x: from.x + (to.x - from.x) * covered,
    y: from.y + (to.y - from.y) * covered,
    zoom,
    width: to.width,
    height: to.height,
  };
}

/** True where two views differ by less than half a pixel anywhere on the stage. */
export function sameView(a: View, b: View): boolean {
  const shift = Math.hypot(a.x - b.x, a.y - b.y) * b.zoom;
  const growth = Math.abs(a.zoom / b.zoom - 1) * Math.max(b.width, b.height);
  return a.width === b.width && a.height === b.height && shift < 0.5 && growth < 1;
}

export const easeInOut = (t: number): number => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

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
export function medianPlace(positions: Float32Array, rows: Uint32Array): Point | null {
  if (rows.length === 0) return null;
  const middle = rows.length >> 1;
  const axis = (offset: number): number =>
    Float32Array.from(rows, (row) => positions[2 * row + offset] as number).sort()[middle] as number;
  return [axis(0), axis(1)];
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
