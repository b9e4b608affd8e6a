// Lines one pixel wide between the places of rows, painted straight into the pixels of a picture. Pure: no DOM.

import { blended, type Picture, type Places, wordOf, wordsOf } from "../explorer/dots";
import type { Rgb } from "../palette";

export interface Line {
  colour: Rgb;
  strength: number; // 0 to 1
}

/**
 * Paint a line for each pair of rows over what is there; one whose look is null is left out. Ends with the line that
 * brings it beyond `most` pixels. Returns the number of pixels.
 */
export function paintLines(
  picture: Picture,
  places: Places,
  pairs: Uint32Array,
  lineOf: (row: number, other: number) => Line | null,
  most: number,
): number {
  const { width, height } = picture;
  const words = wordsOf(picture);
  let painted = 0;
  for (let i = 0; i + 1 < pairs.length && painted < most; i += 2) {
    const row = pairs[i] as number;
    const other = pairs[i + 1] as number;
    const look = lineOf(row, other);
    const cut =
      look &&
      inside(
        [places.x[row] as number, places.y[row] as number],
        [places.x[other] as number, places.y[other] as number],
        width,
        height,
      );
    if (!cut) continue;
    const cover = Math.round(256 * look.strength);
    const colour = wordOf(look.colour);
    const [x0, y0, x1, y1] = cut;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    const stepX = (x1 - x0) / steps;
    const stepY = (y1 - y0) / steps;
    for (let step = 0, x = x0, y = y0; step < steps; step++, x += stepX, y += stepY) {
      const at = (y | 0) * width + (x | 0);
      words[at] = blended(words[at] as number, colour, cover);
    }
    painted += steps;
  }
  return painted;
}

type Ends = readonly [x0: number, y0: number, x1: number, y1: number];

/** The part of a line that lies in the picture; null for none, or where an end is not a number. Liang and Barsky. */
export function inside(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  width: number,
  height: number,
): Ends | null {
  const least = 1e-3; // so that the last pixel of a row is not the first of the next
  if (x0 >= 0 && y0 >= 0 && x1 >= 0 && y1 >= 0 && x0 < width && y0 < height && x1 < width && y1 < height)
    return [x0, y0, x1, y1];
  let [enter, leave] = [0, 1];
  for (const [from, along, most] of [
    [x0, x1 - x0, width - least],
    [y0, y1 - y0, height - least],
  ] as const) {
    if (!Number.isFinite(along) || !Number.isFinite(from)) return null;
    if (along === 0) {
      if (from < 0 || from > most) return null;
      continue;
    }
    const [a, b] = [-from / along, (most - from) / along];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  if (enter >= leave) return null;
  return [
    Math.max(0, x0 + enter * (x1 - x0)),
    Math.max(0, y0 + enter * (y1 - y0)),
    Math.max(0, x0 + leave * (x1 - x0)),
    Math.max(0, y0 + leave * (y1 - y0)),
  ];
}
