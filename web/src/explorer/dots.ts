// Dots on a flat plot: painted straight into the pixels of a picture, picked and lassoed by one pass over them. Pure:
// no DOM. A plot of 70,000 dots is painted in some ten milliseconds on one core, without a WebGL context of its own.

import { insideOf } from "../map/region";
import type { Point } from "../map/view";
import type { Rgb } from "../palette";

export interface Picture {
  data: Uint8ClampedArray; // red, green, blue, alpha of each pixel
  width: number;
  height: number;
}

/** Where the rows are, in pixels of the picture from its top left corner; NaN for a row that is not shown. */
export interface Places {
  x: Float32Array;
  y: Float32Array;
}

export interface DotLook {
  core: Rgb;
  rim: Rgb;
  opacity: number; // 0 to 1; 0 is not painted
  stamp: Stamp;
}

const ASIDE = 80; // pixels beside the picture from which a dot may still reach into it
const PHASES = 4; // places of a dot's middle within a pixel, each way

export interface Stamp {
  size: number; // pixels each way
  inside: Float32Array; // for each phase and pixel: how much of the pixel the dot covers
  core: Float32Array; // and how much of that is not its rim
}

/** A dot of that radius with a rim of that width, at each of the phases. */
export function stampOf(radius: number, rim: number): Stamp {
  const reach = Math.ceil(radius + 0.5);
  const size = 2 * reach + 1;
  const inside = new Float32Array(PHASES * PHASES * size * size);
  const core = new Float32Array(inside.length);
  let at = 0;
  for (let phase = 0; phase < PHASES * PHASES; phase++) {
    const middleX = reach + ((phase % PHASES) + 0.5) / PHASES;
    const middleY = reach + (Math.floor(phase / PHASES) + 0.5) / PHASES;
    for (let py = 0; py < size; py++) {
      for (let px = 0; px < size; px++) {
        const away = Math.hypot(px + 0.5 - middleX, py + 0.5 - middleY);
        inside[at] = Math.min(1, Math.max(0, radius + 0.5 - away));
        core[at] = Math.min(1, Math.max(0, radius - rim + 0.5 - away));
        at += 1;
      }
    }
  }
  return { size, inside, core };
}

/** Paint a row's dot; its look blends with what is there. */
function paintDot(picture: Picture, x: number, y: number, look: DotLook): void {
  const { data, width, height } = picture;
  const { size, inside, core } = look.stamp;
  const reach = (size - 1) >> 1;
  const cellX = Math.floor(x);
  const cellY = Math.floor(y);
  const phase = Math.floor((x - cellX) * PHASES) + PHASES * Math.floor((y - cellY) * PHASES);
  let mask = phase * size * size;
  for (let py = cellY - reach; py <= cellY + reach; py++) {
    for (let px = cellX - reach; px <= cellX + reach; px++, mask++) {
      const cover = (inside[mask] as number) * look.opacity;
      if (cover === 0 || px < 0 || py < 0 || px >= width || py >= height) continue;
      const own = core[mask] as number;
      const at = 4 * (py * width + px);
      for (let channel = 0; channel < 3; channel++) {
        const rim = look.rim[channel] as number;
        const colour = rim + ((look.core[channel] as number) - rim) * own;
        const below = data[at + channel] as number;
        data[at + channel] = below + (colour - below) * cover;
      }
    }
  }
}

/** Fill with the ground, if one is given, then paint the rows in that order; a row whose look is null is left out. */
export function paint(
  picture: Picture,
  ground: Rgb | null,
  places: Places,
  order: Uint32Array,
  lookOf: (row: number) => DotLook | null,
): void {
  if (ground) {
    const pixels = new Uint32Array(picture.data.buffer, picture.data.byteOffset, picture.data.length / 4);
    pixels.fill(((255 << 24) | (ground[2] << 16) | (ground[1] << 8) | ground[0]) >>> 0);
  }
  for (const row of order) {
    const x = places.x[row] as number;
    const y = places.y[row] as number;
    if (!(x >= -ASIDE && y >= -ASIDE && x < picture.width + ASIDE && y < picture.height + ASIDE)) continue;
    const look = lookOf(row);
    if (look && look.opacity > 0) paintDot(picture, x, y, look);
  }
}

/** The row nearest to a pixel within a radius, of those that `shows`, or -1. */
export function nearestRow(
  places: Places,
  x: number,
  y: number,
  radius: number,
  shows: (row: number) => boolean,
): number {
  let best = radius * radius;
  let found = -1;
  for (let row = 0; row < places.x.length; row++) {
    const dx = (places.x[row] as number) - x;
    const dy = (places.y[row] as number) - y;
    const d2 = dx * dx + dy * dy;
    if (!(d2 <= best) || !shows(row)) continue;
    best = d2;
    found = row;
  }
  return found;
}

/** The row that lies nearest in that direction from another one, within 45° of it; -1 where there is none. */
export function rowBeside(
  places: Places,
  from: number,
  dx: number,
  dy: number,
  shows: (row: number) => boolean,
): number {
  const x = places.x[from] as number;
  const y = places.y[from] as number;
  let best = Number.POSITIVE_INFINITY;
  let found = -1;
  for (let row = 0; row < places.x.length; row++) {
    const ax = (places.x[row] as number) - x;
    const ay = (places.y[row] as number) - y;
    const along = ax * dx + ay * dy;
    const aside = Math.abs(ax * dy - ay * dx);
    const far = along + 2 * aside;
    if (!(along > 0.5 && aside <= along && far < best) || !shows(row)) continue;
    best = far;
    found = row;
  }
  return found;
}

/** The rows inside that line, which is closed from its end to its start. */
export function rowsInside(
  places: Places,
  line: readonly Point[],
  shows: (row: number) => boolean,
): Uint32Array {
  const found: number[] = [];
  const within = insideOf(line);
  for (let row = 0; row < places.x.length; row++) {
    const x = places.x[row] as number;
    const y = places.y[row] as number;
    if (within(x, y) && shows(row)) found.push(row); // a place that is not a number is inside of nothing
  }
  return Uint32Array.from(found);
}
