// Rows put in order by their values: stable, in linear time, so that a million rows take a moment.

import type { ColumnValues } from "./columns";

/** Keys that sort as whole numbers the way the values sort; missing values come last, up or down. */
export function sortKeys(column: ColumnValues, down: boolean): Uint32Array {
  if (column.kind === "name") return Uint32Array.from(column.codes, (code) => (down ? ~code >>> 0 : code));
  const values = column.values;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const keys = new Uint32Array(values.length);
  for (let row = 0; row < keys.length; row++) {
    const value = values[row] as number;
    // -0 is 0; the bits of negative floats grow as they fall.
    const word = value === 0 ? 0 : (bits[row] as number);
    const key = word & 0x80000000 ? ~word >>> 0 : (word | 0x80000000) >>> 0;
    keys[row] = Number.isNaN(value) ? 0xffffffff : down ? ~key >>> 0 : key;
  }
  return keys;
}

/** The rows by their keys, those with the same key as they stood. `keys[row]` belongs to a row, not to a place. */
export function byKeys(rows: Uint32Array, keys: Uint32Array): Uint32Array {
  return pass(pass(rows, keys, 0), keys, 16);
}

function pass(rows: Uint32Array, keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(0x10001);
  for (const row of rows) {
    const digit = ((keys[row] as number) >>> shift) & 0xffff;
    starts[digit + 1] = (starts[digit + 1] as number) + 1;
  }
  for (let digit = 0; digit < 0x10000; digit++)
    starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
  const sorted = new Uint32Array(rows.length);
  for (const row of rows) {
    const digit = ((keys[row] as number) >>> shift) & 0xffff;
    const place = starts[digit] as number;
    sorted[place] = row;
    starts[digit] = place + 1;
  }
  return sorted;
}

export interface Bins {
  /** (n,) the bin of each row; rows without a value are in the last. */
  codes: Uint32Array;
  names: readonly string[];
}

const WANTED = 10;

/** The values in about ten bins with round borders; names stay as they are. */
export function binned(column: ColumnValues, text: (value: number) => string): Bins {
  if (column.kind === "name")
    return { codes: Uint32Array.from(column.codes), names: [...column.names, "no value"] };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return { codes: new Uint32Array(column.values.length), names: ["no value"] };
  const step = roundStep((high - low) / WANTED);
  const first = Math.floor(low / step);
  const count = Math.floor(high / step) - first + 1;
  const edge = (bin: number): string => text(Number(((first + bin) * step).toPrecision(12)));
  const names = Array.from({ length: count }, (_, bin) => `${edge(bin)} to ${edge(bin + 1)}`);
  const codes = Uint32Array.from(column.values, (value) =>
    Number.isNaN(value) ? count : Math.min(count - 1, Math.floor(value / step) - first),
  );
  return { codes, names: [...names, "no value"] };
}

/** The nearest of 1, 2 and 5 times a power of ten that is not less. */
export function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? power;
}
