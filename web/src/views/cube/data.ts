// The rows along the axes: their columns, where they stand, and what the four corners of the plot hold.

import { fetchColumn } from "../../explorer/api";
import { type Axis, bandSpread, fittedAxis, olahSpread, placeOf, spreadAxis } from "../../explorer/scale";
import type { DatasetRecord } from "../../net/wire";

const BAND = 0.07; // beside the plot of all rows, for values at the very end of the scale
const ROOM = 0.02; // around the plot of the first rows

export interface Column {
  index: number;
  values: Uint8Array | Float32Array;
}

/** The values of every row at a pixel, of its first channel; or one value of every row. */
export async function columnOf(facts: DatasetRecord, index: number): Promise<Column> {
  return { index, values: await fetchColumn(index * facts.channels, facts.n) };
}

/** Where the first `rows` rows stand along one axis. */
export function axisOf(facts: DatasetRecord, column: Column, way: 0 | 1, rows: number, whole: boolean): Axis {
  if (!facts.image_shape) return fittedAxis(column.values, rows);
  if (whole) return spreadAxis(column.values, rows, facts.value_range, bandSpread(way, BAND), BAND);
  const [x, y] = placeOf(column.index, facts.image_shape);
  return spreadAxis(column.values, rows, facts.value_range, olahSpread(x, y), ROOM);
}

export interface Corner {
  count: number;
  /** the class that has most rows there, or -1 where there are none */
  code: number;
  of: number; // rows of that class there
}

/** The corners of the plot: [top left, top right, bottom left, bottom right]. A half of the range counts as high. */
export function cornersOf(
  across: ArrayLike<number>,
  up: ArrayLike<number>,
  rows: number,
  codes: Uint16Array,
  classes: number,
  middles: readonly [number, number],
): Corner[] {
  const counts = Array.from({ length: 4 }, () => new Uint32Array(classes + 1));
  for (let row = 0; row < rows; row++) {
    const x = across[row] as number;
    const y = up[row] as number;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    const corner = (y >= middles[1] ? 0 : 2) + (x >= middles[0] ? 1 : 0);
    const some = counts[corner] as Uint32Array;
    const code = codes[row] as number;
    some[code] = (some[code] as number) + 1;
  }
  return counts.map((some) => {
    const count = some.reduce((sum, value) => sum + value, 0);
    const of = Math.max(...some);
    return { count, code: count === 0 ? -1 : some.indexOf(of), of };
  });
}

/** The middle of an axis: of the data's range, or of what one column holds. */
export function middleOf(facts: DatasetRecord, values: ArrayLike<number>, rows: number): number {
  if (facts.image_shape) return (facts.value_range[0] + facts.value_range[1]) / 2;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    low = Math.min(low, values[row] as number);
    high = Math.max(high, values[row] as number);
  }
  return (low + high) / 2;
}

export interface Lesson {
  across: readonly [number, number];
  up: readonly [number, number];
  /** what Olah says of them: in which corner which class is found */
  claims: readonly { corner: number; name: string; digit: string; where: string }[];
}

const TOP_LEFT = 0;
const TOP_RIGHT = 1;
const BOTTOM_RIGHT = 3;

/** The two pairs of pixels that Olah's text links to, x and y from the bottom left, for images of 28 × 28. */
export const LESSONS: readonly Lesson[] = [
  {
    across: [7, 12],
    up: [18, 15],
    claims: [
      { corner: BOTTOM_RIGHT, name: "zeros", digit: "0", where: "bottom right" },
      { corner: TOP_LEFT, name: "nines", digit: "9", where: "top left" },
    ],
  },
  {
    across: [5, 6],
    up: [7, 9],
    claims: [{ corner: TOP_RIGHT, name: "twos", digit: "2", where: "top right" }],
  },
];
