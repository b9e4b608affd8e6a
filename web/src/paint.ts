// Images painted into a picture's words, every pixel crisp: a pixel is a square of whole screen pixels; where an image is
// shown smaller than it is, a screen pixel is the mean of those that it covers. Pure.

/** A picture in words of 32 bits, as ImageData holds it on a machine with the little end first. */
export interface Words {
  data: Uint32Array;
  width: number;
  height: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const wordOf = (red: number, green: number, blue: number): number =>
  ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

/** The word of each grey, turned over where the ink would otherwise be as light as the paper. */
export function greys(invert: boolean): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, value) => {
    const grey = invert ? 255 - value : value;
    return wordOf(grey, grey, grey);
  });
}

export function fill(out: Words, box: Box, word: number): void {
  const left = Math.max(0, box.left);
  const right = Math.min(out.width, box.left + box.width);
  if (right <= left) return;
  const bottom = Math.min(out.height, box.top + box.height);
  for (let y = Math.max(0, box.top); y < bottom; y++)
    out.data.fill(word, y * out.width + left, y * out.width + right);
}

/** The words of one image, (height, width), as it is. */
function words(pixels: Uint8Array, channels: number, grey: Uint32Array): Uint32Array {
  const found = new Uint32Array(pixels.length / channels);
  for (let i = 0; i < found.length; i++) {
    found[i] =
      channels === 3
        ? wordOf(pixels[3 * i] as number, pixels[3 * i + 1] as number, pixels[3 * i + 2] as number)
        : (grey[pixels[i] as number] as number);
  }
  return found;
}

/** Paint an image into a box, cut off at the picture's border. */
export function paintImage(
  out: Words,
  box: Box,
  pixels: Uint8Array,
  shape: readonly [number, number],
  channels: number,
  grey: Uint32Array,
): void {
  const [height, width] = shape;
  if (box.width < width || box.height < height) {
    const shown = shrunk(words(pixels, channels, grey), shape, box);
    blow(out, box, shown, [box.height, box.width], null);
  } else if (channels === 3) blow(out, box, words(pixels, channels, grey), shape, null);
  else blow(out, box, pixels, shape, grey);
}

/** The column of a picture that each screen pixel of a box shows; the last one is used again and again. */
let columnsOf = { from: 0, to: 0, at: new Uint16Array() };

function columnMap(from: number, to: number): Uint16Array {
  if (columnsOf.from !== from || columnsOf.to !== to) {
    const at = Uint16Array.from({ length: to }, (_, x) => Math.floor((x * from) / to));
    columnsOf = { from, to, at };
  }
  return columnsOf.at;
}

/** Every pixel as a block; of greys the values, looked up in `grey`, else words. Lines that are alike are copied. */
function blow(
  out: Words,
  box: Box,
  pixels: Uint8Array | Uint32Array,
  [rows, columns]: readonly [number, number],
  grey: Uint32Array | null,
): void {
  const at = columnMap(columns, box.width);
  const left = Math.max(0, box.left);
  const right = Math.min(out.width, box.left + box.width);
  const bottom = Math.min(out.height, box.top + box.height);
  if (right <= left) return;
  const { data, width } = out;
  let last = -1;
  for (let y = Math.max(0, box.top); y < bottom; y++) {
    const row = Math.floor(((y - box.top) * rows) / box.height);
    const start = y * width;
    if (row === last) {
      data.copyWithin(start + left, start - width + left, start - width + right);
      continue;
    }
    last = row;
    const first = row * columns;
    for (let x = left; x < right; x++) {
      const value = pixels[first + (at[x - box.left] as number)] as number;
      data[start + x] = grey === null ? value : (grey[value] as number);
    }
  }
}

/** The image at the size of the box, each pixel the mean of those that it covers. */
function shrunk(own: Uint32Array, [height, width]: readonly [number, number], box: Box): Uint32Array {
  const found = new Uint32Array(box.width * box.height);
  const span = (at: number, length: number, parts: number): [number, number] => {
    const from = Math.floor((at * length) / parts);
    return [from, Math.max(from + 1, Math.floor(((at + 1) * length) / parts))];
  };
  for (let y = 0; y < box.height; y++) {
    const [top, bottom] = span(y, height, box.height);
    for (let x = 0; x < box.width; x++) {
      const [left, right] = span(x, width, box.width);
      let [red, green, blue] = [0, 0, 0];
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const word = own[row * width + column] as number;
          red += word & 255;
          green += (word >>> 8) & 255;
          blue += (word >>> 16) & 255;
        }
      }
      const count = (bottom - top) * (right - left);
      found[y * box.width + x] = wordOf(
        Math.round(red / count),
        Math.round(green / count),
        Math.round(blue / count),
      );
    }
  }
  return found;
}

/** Paint a row of plain values as bars from the ground up; many values share a column by their mean. */
export function paintBars(out: Words, box: Box, values: Uint8Array, ink: number, paper: number): void {
  fill(out, box, paper);
  for (let x = 0; x < box.width; x++) {
    const from = Math.floor((x * values.length) / box.width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * values.length) / box.width));
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i] ?? 0;
    const tall = Math.max(1, Math.round((sum / (to - from) / 255) * box.height));
    fill(out, { left: box.left + x, top: box.top + box.height - tall, width: 1, height: tall }, ink);
  }
}
