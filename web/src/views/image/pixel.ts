// Where a value of the vector is in the image, in the four conventions that are in use (data/coordinates), and how large
// things are drawn. Pure.

export interface Shape {
  height: number;
  width: number;
  channels: number;
}

export interface PixelPlace {
  /** from 0 at the top and at the left */
  row: number;
  column: number;
  channel: number;
  /** Robinson: y from 1 at the bottom */
  robinson: [x: number, y: number];
  /** Olah's p_{x,y}: y from 0 at the bottom */
  olah: [x: number, y: number];
  /** OpenML: from 1, row after row */
  openml: number;
}

export function placeOf(index: number, { height, width, channels }: Shape): PixelPlace {
  const pixel = Math.floor(index / channels);
  const row = Math.floor(pixel / width);
  const column = pixel % width;
  return {
    row,
    column,
    channel: index % channels,
    robinson: [column, height - row],
    olah: [column, height - 1 - row],
    openml: index + 1,
  };
}

export const indexOf = (row: number, column: number, channel: number, shape: Shape): number =>
  (row * shape.width + column) * shape.channels + channel;

/** The part of the image whose numbers are shown. */
export interface Part {
  top: number;
  left: number;
  height: number;
  width: number;
}

const MOST_NUMBERS = 32; // rows and columns of numbers at once

/** As much as there is room for, about a place. */
export function partAround(row: number, column: number, { height, width }: Shape): Part {
  const clip = (at: number, length: number): [number, number] => {
    const taken = Math.min(length, MOST_NUMBERS);
    return [Math.max(0, Math.min(length - taken, at - (taken >> 1))), taken];
  };
  const [top, tall] = clip(row, height);
  const [left, wide] = clip(column, width);
  return { top, left, height: tall, width: wide };
}

export interface Sizes {
  /** px of a number's square, of an image's pixel and of a value in the strip */
  cell: number;
  pixel: number;
  value: number;
}

const [LEAST_CELL, MOST_CELL] = [15, 36];
const [LEAST_IMAGE, MOST_IMAGE] = [140, 280];
const AROUND = { across: 40, down: 136 }; // margins, captions and the strip

const CAPTION = 44; // below the image, and the margins

/** Sizes for which all three fit the stage, where it is large enough. */
export function sizesFor(shape: Shape, part: Part, stage: { width: number; height: number }): Sizes {
  const longest = Math.max(shape.height, shape.width);
  const cell = Math.floor(
    Math.min(
      MOST_CELL,
      (stage.height - AROUND.down) / part.height,
      (stage.width - AROUND.across - LEAST_IMAGE) / part.width,
    ),
  );
  const fits = Math.max(LEAST_CELL, cell);
  const beside = stage.width - AROUND.across - fits * part.width;
  // Where the numbers are scrolled anyway, the image is as large as is seen at once.
  const across = beside >= LEAST_IMAGE ? beside : stage.width / 2;
  const room = Math.max(LEAST_IMAGE, Math.min(across, stage.height - CAPTION));
  const scale = Math.min(MOST_IMAGE, room) / longest;
  const p = shape.height * shape.width * shape.channels;
  const value = (stage.width - 24) / p;
  return {
    cell: fits,
    pixel: scale >= 1 ? Math.floor(scale) : scale,
    value: value >= 1 ? Math.floor(value) : value,
  };
}

/** The vector as numpy would print the matrix. */
export function nested(values: ArrayLike<number>, { height, width, channels }: Shape): string {
  const text = (row: number, column: number): string => {
    const found = Array.from({ length: channels }, (_, channel) =>
      String(values[(row * width + column) * channels + channel]),
    );
    return channels === 1 ? (found[0] ?? "") : `[${found.join(", ")}]`;
  };
  const lines = Array.from({ length: height }, (_, row) => {
    const cells = Array.from({ length: width }, (_, column) => text(row, column));
    const most = Math.max(...cells.map((cell) => cell.length));
    return `[${cells.map((cell) => cell.padStart(most)).join(", ")}]`;
  });
  return `[${lines.join(",\n ")}]`;
}

/** One row of the wide table: label, pixel1 … pixel784. */
export function csv(label: string, values: ArrayLike<number>): string {
  const names = Array.from(values, (_, i) => `pixel${i + 1}`);
  const quoted = /[",\n]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label;
  return `label,${names.join(",")}\n${quoted},${Array.from(values).join(",")}\n`;
}
