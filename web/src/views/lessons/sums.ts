// What the figures of the lessons compute. Pure.

/** 1 / (1 + e^-x), for any number without overflow. */
export function sigmoid(x: number): number {
  const small = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + small) : small / (1 + small);
}

/** The number whose sigmoid that is. */
export const logit = (share: number): number => Math.log(share / (1 - share));

/** How many values n components and all their products are: n + n(n + 1) / 2. */
export const products = (n: number): number => n + (n * (n + 1)) / 2;

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** From values to the pixels of a figure: x from -most to most, y from 0 to 1. */
export function scales(frame: Frame, most: number): { x(value: number): number; y(value: number): number } {
  const { width, height, left, right, top, bottom } = frame;
  return {
    x: (value) => left + ((value + most) / (2 * most)) * (width - left - right),
    y: (value) => height - bottom - value * (height - top - bottom),
  };
}

/** The curve as a path of an SVG. */
export function curve(frame: Frame, most: number, points = 160): string {
  const { x, y } = scales(frame, most);
  const steps = Array.from({ length: points + 1 }, (_, i) => -most + (2 * most * i) / points);
  return steps
    .map((at, i) => `${i === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(sigmoid(at)).toFixed(1)}`)
    .join("");
}

type Setting = boolean | number | string | readonly string[] | null;

/** Whether two sets of options are the same. */
export function same(
  one: Readonly<Record<string, Setting>>,
  other: Readonly<Record<string, Setting>>,
): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
