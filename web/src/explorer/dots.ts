// Dots on a flat plot: painted straight into the pixels of a picture, picked and lassoed by one pass over them. Pure:
// no DOM. A plot of 70,000 dots is painted in some ten milliseconds on one core, without a WebGL context of its own.

import { insideOf } from "../map/region";
import type { Point } from "../map/view";
import { wordOf as packed } from "../paint";
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
  /** from rim to core, as words: made by `paint` */
  shades?: Int32Array;
}

const ASIDE = 80; // pixels beside the picture from which a dot may still reach into it
const PHASES = 4; // places of a dot's middle within a pixel, each way
const FINE = 16; // radii are told apart to a sixteenth of a pixel
const MOST_STAMPS = 512;
const SHADES = 16; // steps from the rim's colour to the core's

/** The shape of a dot; dots of one size share it. */
export interface Stamp {
  radius: number;
  rim: number;
  reach: number; // pixels from the middle's to the last one that the dot may touch
  masks: (Mask | undefined)[]; // one for each phase, made when it is needed
}

/** What pixels a dot covers, beside its middle's. */
interface Mask {
  dx: Int32Array;
  dy: Int32Array;
  at: Int32Array; // both in words of a picture that is so wide
  width: number;
  cover: Int32Array; // of 256
  shade: Uint8Array; // 0 is the rim's colour, SHADES the core's
}

const FAINT = 0.14;
const LAYERS = 0.3; // of dots beside a selection that lie on each other, together

/** How strong dots beside a selection are: fainter where so many lie on each other that they would hide it again. */
export const faintness = (count: number, radius: number, size: number): number =>
  Math.min(FAINT, (LAYERS * size ** 2) / Math.max(1, count * Math.PI * radius ** 2));

const stamps = new Map<string, Stamp>();

/** A dot of that radius with a rim of that width, in pixels. */
export function stampOf(radius: number, rim: number): Stamp {
  const rounded = Math.max(1, Math.round(radius * FINE)) / FINE;
  const key = `${rounded} ${rim}`;
  let stamp = stamps.get(key);
  if (!stamp) {
    if (stamps.size >= MOST_STAMPS) stamps.clear();
    stamp = { radius: rounded, rim, reach: Math.ceil(rounded + 0.5), masks: [] };
    stamps.set(key, stamp);
  }
  return stamp;
}

function maskOf({ radius, rim, reach }: Stamp, phase: number, width: number): Mask {
  const middleX = ((phase % PHASES) + 0.5) / PHASES;
  const middleY = (Math.floor(phase / PHASES) + 0.5) / PHASES;
  const parts: [dx: number, dy: number, cover: number, shade: number][] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const away = Math.hypot(dx + 0.5 - middleX, dy + 0.5 - middleY);
      const inside = Math.min(1, Math.max(0, radius + 0.5 - away));
      const core = Math.min(1, Math.max(0, radius - rim + 0.5 - away));
      if (inside > 0) parts.push([dx, dy, Math.round(256 * inside), Math.round(SHADES * core)]);
    }
  }
  return {
    dx: Int32Array.from(parts, ([dx]) => dx),
    dy: Int32Array.from(parts, ([, dy]) => dy),
    at: Int32Array.from(parts, ([dx, dy]) => dy * width + dx),
    width,
    cover: Int32Array.from(parts, ([, , cover]) => cover),
    shade: Uint8Array.from(parts, ([, , , shade]) => shade),
  };
}

function shadesOf({ core, rim }: DotLook): Int32Array {
  return Int32Array.from({ length: SHADES + 1 }, (_, step) =>
    wordOf(
      rim.map((channel, i) => channel + (((core[i] as number) - channel) * step) / SHADES) as unknown as Rgb,
    ),
  );
}

/** A colour as a word of a picture. */
export const wordOf = (colour: Rgb): number =>
  packed(Math.round(colour[0]), Math.round(colour[1]), Math.round(colour[2]));

const OPAQUE = 255 << 24;

/**
 * A word of which so much of 256 goes over to another one: three channels by four multiplications, rounded, so that many
 * faint dots do not darken what lies under them.
 */
export const blended = (under: number, over: number, cover: number): number => {
  const keep = 256 - cover;
  return (
    (((Math.imul(under & 0xff00ff, keep) + Math.imul(over & 0xff00ff, cover) + 0x800080) >>> 8) & 0xff00ff) |
    ((Math.imul((under >>> 8) & 0xff, keep) + Math.imul((over >>> 8) & 0xff, cover) + 0x80) & 0xff00) |
    OPAQUE
  );
};

/** A picture as words. */
export const wordsOf = ({ data }: Picture): Int32Array =>
  new Int32Array(data.buffer, data.byteOffset, data.length / 4);

export function fillGround(picture: Picture, ground: Rgb): void {
  wordsOf(picture).fill(wordOf(ground));
}

/** Paint the rows in that order over what is there; a row whose look is null is left out. */
export function paint(
  picture: Picture,
  places: Places,
  order: Uint32Array,
  lookOf: (row: number) => DotLook | null,
): void {
  const { width, height } = picture;
  const words = wordsOf(picture);
  const { x, y } = places;
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const px = x[row] as number;
    const py = y[row] as number;
    if (!(px >= -ASIDE && py >= -ASIDE && px < width + ASIDE && py < height + ASIDE)) continue;
    const look = lookOf(row);
    if (!look || look.opacity === 0) continue;
    const { reach, masks } = look.stamp;
    const cellX = Math.floor(px);
    const cellY = Math.floor(py);
    const phase = Math.floor((px - cellX) * PHASES) + PHASES * Math.floor((py - cellY) * PHASES);
    let mask = masks[phase];
    if (mask?.width !== width) {
      mask = maskOf(look.stamp, phase, width);
      masks[phase] = mask;
    }
    look.shades ??= shadesOf(look);
    const opacity = Math.round(256 * look.opacity);
    if (cellX < reach || cellY < reach || cellX >= width - reach || cellY >= height - reach) {
      paintCut(words, width, height, cellX, cellY, mask, look.shades, opacity);
      continue;
    }
    const { at, cover, shade } = mask;
    const { shades } = look;
    const middle = cellY * width + cellX;
    for (let j = 0; j < at.length; j++) {
      const pixel = middle + (at[j] as number);
      const colour = shades[shade[j] as number] as number;
      words[pixel] = blended(words[pixel] as number, colour, ((cover[j] as number) * opacity) >> 8);
    }
  }
}

/** A dot at the picture's border: only what is inside. */
function paintCut(
  words: Int32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  mask: Mask,
  shades: Int32Array,
  opacity: number,
): void {
  mask.at.forEach((beside, j) => {
    const px = x + (mask.dx[j] as number);
    const py = y + (mask.dy[j] as number);
    if (px < 0 || py < 0 || px >= width || py >= height) return;
    const pixel = y * width + x + beside;
    const colour = shades[mask.shade[j] as number] as number;
    words[pixel] = blended(words[pixel] as number, colour, ((mask.cover[j] as number) * opacity) >> 8);
  });
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
