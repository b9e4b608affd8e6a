// What lies where on the stage: the rows inside a line drawn by hand, and one row for each cell of a grid. Pure.

import type { Rows } from "./geometry";
import { eyeOf, NEAREST, type Point, type View } from "./view";

/** Visit every row that is there to be met and lies before the eye, with its place on the stage and its depth. */
export function eachSeen(
  view: View,
  rows: Rows,
  visit: (row: number, x: number, y: number, depth: number) => void,
): void {
  const { positions, codes, hidden, leftOut } = rows;
  const { right, up, toward, lens } = eyeOf(view);
  const [rx, ry, rz] = right;
  const [ux, uy, uz] = up;
  const [tx, ty, tz] = toward;
  const { dim, width, height, zoom } = view;
  for (let row = 0, at = 0; row < codes.length; row++, at += dim) {
    if (hidden[codes[row] as number] || leftOut?.[row]) continue;
    const x = (positions[at] as number) - view.x;
    const y = (positions[at + 1] as number) - view.y;
    const z = dim === 3 ? (positions[at + 2] as number) - view.z : 0;
    const depth = tx * x + ty * y + tz * z;
    const w = 1 - depth * lens;
    if (w < NEAREST) continue;
    const scale = zoom / w;
    visit(
      row,
      width / 2 + (rx * x + ry * y + rz * z) * scale,
      height / 2 - (ux * x + uy * y + uz * z) * scale,
      depth,
    );
  }
}

/** The rows inside that line, which is closed from its end to its start; inside is where an odd number of turns is. */
export function rowsWithin(view: View, rows: Rows, line: readonly Point[]): Uint32Array {
  const found: number[] = [];
  const within = insideOf(line);
  eachSeen(view, rows, (row, x, y) => {
    if (within(x, y)) found.push(row);
  });
  return Uint32Array.from(found);
}

/** Whether a place is inside that line; its box is asked first, since most are outside of it. */
export function insideOf(line: readonly Point[]): (x: number, y: number) => boolean {
  const xs = Float64Array.from(line, ([x]) => x);
  const ys = Float64Array.from(line, ([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return (x, y) => {
    if (!(x >= left && x <= right && y >= top && y <= bottom)) return false;
    let odd = false;
    for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
      const yi = ys[i] as number;
      const yj = ys[j] as number;
      if (yi > y === yj > y) continue;
      const xi = xs[i] as number;
      if (x < xi + (((xs[j] as number) - xi) * (y - yi)) / (yj - yi)) odd = !odd;
    }
    return odd;
  };
}

/** Points of a line that are too near to the one before add nothing but time. */
export function thinned(line: readonly Point[], apart: number): Point[] {
  const kept: Point[] = [];
  for (const point of line) {
    const last = kept.at(-1);
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= apart) kept.push(point);
  }
  return kept;
}

export interface Cells {
  /** The row that stands for each cell that has one, by the cell's number. */
  rows: Map<number, number>;
  /** How many rows are on the stage. */
  seen: number;
}

/**
 * One row for each cell of `size` pixels: the one that stood there before while it is still in that cell, so that
 * images do not jump; else the foremost in 3-D, and in 2-D the one nearest to the cell's middle.
 */
export function cellRows(view: View, rows: Rows, size: number, before: ReadonlyMap<number, number>): Cells {
  const across = Math.ceil(view.width / size);
  const chosen = new Map<number, number>();
  const best = new Map<number, number>();
  let seen = 0;
  eachSeen(view, rows, (row, x, y, depth) => {
    if (x < 0 || y < 0 || x >= view.width || y >= view.height) return;
    seen += 1;
    const column = Math.floor(x / size);
    const line = Math.floor(y / size);
    const cell = line * across + column;
    const off = (x - (column + 0.5) * size) ** 2 + (y - (line + 0.5) * size) ** 2;
    const worth =
      before.get(cell) === row ? Number.POSITIVE_INFINITY : view.dim === 3 ? depth * view.zoom : -off;
    if (worth > (best.get(cell) ?? Number.NEGATIVE_INFINITY)) {
      best.set(cell, worth);
      chosen.set(cell, row);
    }
  });
  return { rows: chosen, seen };
}

/** The rows nearest to that one on the map, the nearest first, ties by row; without the row itself. */
export function nearestOnMap(dim: 2 | 3, positions: Float32Array, row: number, count: number): number[] {
  const n = positions.length / dim;
  const found: { row: number; d2: number }[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (let other = 0; other < n; other++) {
    if (other === row) continue;
    let d2 = 0;
    for (let axis = 0; axis < dim; axis++) {
      d2 += ((positions[dim * other + axis] as number) - (positions[dim * row + axis] as number)) ** 2;
    }
    if (found.length === count && !(d2 < worst)) continue;
    let at = found.length;
    while (at > 0 && (found[at - 1]?.d2 ?? 0) > d2) at -= 1;
    found.splice(at, 0, { row: other, d2 });
    if (found.length > count) found.pop();
    if (found.length === count) worst = found.at(-1)?.d2 ?? worst;
  }
  return found.map((each) => each.row);
}
