// Where values stand along an axis: pure functions from columns to shares of the axis, and the ticks beside it.

/** One axis: where each row stands on it, from 0 at its low end to 1 at its high end, and what is written beside. */
export interface Axis {
  at: Float32Array;
  ticks: readonly Tick[];
}

export interface Tick {
  at: number; // share of the axis
  text: string;
}

/** Values that lie on the very ends, as most pixels do, stand a little apart, so that one sees how many they are. */
export type Spread = (row: number) => number;

/**
 * The share of the axis for each value between `low` and `high`, those at either end moved inward by `spread` (Olah) or
 * outward into a band of their own of `margin` (so many rows that they would hide what lies beside them).
 */
export function spreadAxis(
  values: ArrayLike<number>,
  rows: number,
  [low, high]: readonly [number, number],
  spread: Spread,
  margin: number,
): Axis {
  const at = new Float32Array(rows);
  const span = high - low || 1;
  const room = 1 + 2 * margin;
  for (let row = 0; row < rows; row++) {
    const share = ((values[row] as number) - low) / span;
    const aside = share <= 0 ? spread(row) : share >= 1 ? -spread(row) : 0;
    at[row] = (share + aside + margin) / room;
  }
  const ticks = [low, high].map((value, i) => ({ at: (i + margin) / room, text: short(value) }));
  return { at, ticks };
}

/** Olah's rule for the pixel x,y from the bottom left: so many steps, and a hundredth from the edge. */
export function olahSpread(x: number, y: number): Spread {
  const steps = 10 + ((3 * x + 5 * (y + 1)) % 11);
  return (row) => (0.02 * (row % steps)) / steps + 0.01;
}

const PLASTIC = 1.3247179572447458;
const R2 = [1 / PLASTIC, 1 / PLASTIC ** 2] as const;

/**
 * An even spread over a band outside of the axis, by the additive sequence of the plastic number (M. Roberts, 2018):
 * two of them, for two axes, fill a square evenly.
 */
export function bandSpread(axis: 0 | 1, band: number): Spread {
  const step = R2[axis];
  return (row) => -band * (0.08 + 0.92 * ((0.5 + step * row) % 1));
}

/** All values between the least and the greatest, with a little room. */
export function fittedAxis(values: ArrayLike<number>, rows: number): Axis {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) [low, high] = [0, 1];
  const margin = 0.03 * (high - low) || 0.5;
  const [from, span] = [low - margin, high - low + 2 * margin];
  const at = new Float32Array(rows);
  for (let row = 0; row < rows; row++) at[row] = ((values[row] as number) - from) / span;
  return {
    at,
    ticks: roundTicks(low, high).map((value) => ({ at: (value - from) / span, text: short(value) })),
  };
}

/** Three to six round numbers between two others. */
export function roundTicks(low: number, high: number): number[] {
  const rough = (high - low) / 4;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((size) => size * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A number in as few digits as say it. */
export function short(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 4 }).format(value).replace("-", "−");
}

/** Where a pixel of the picture is that has that number, x from the left and y from the bottom, both from 0. */
export function placeOf(
  pixel: number,
  [height, width]: readonly [number, number],
): readonly [number, number] {
  return [pixel % width, height - 1 - Math.floor(pixel / width)];
}

/** The number of the pixel at x from the left and y from the bottom; moved into the picture. */
export function pixelAt(x: number, y: number, [height, width]: readonly [number, number]): number {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const row = height - 1 - Math.min(height - 1, Math.max(0, Math.floor(y)));
  return row * width + column;
}

/** The axes that Olah's page begins with, x and y of each pixel from the bottom left, of 28. */
const BEGIN = { across: [7, 12], up: [18, 15] } as const;
const HIS = 28;

/** The pixel of his that is an axis at first; of smaller images the one at that place. */
export function hisPixel(way: "across" | "up", shape: readonly [number, number]): number {
  const [x, y] = BEGIN[way];
  return pixelAt((x * shape[1]) / HIS, (y * shape[0]) / HIS, shape);
}
