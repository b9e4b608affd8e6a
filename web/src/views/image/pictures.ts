// The three pictures of one image: itself with the grid of its pixels, its numbers on their shades, and the vector.

import { greys, paintBars, paintImage, type Words, wordOf } from "../../paint";
import { indexOf, type Part, type Shape } from "./pixel";

export interface Look {
  invert: boolean;
  text: string;
  quiet: string;
}

type Pen = CanvasRenderingContext2D;

/** A canvas of that many px on the page, and what is painted into it word by word. */
function prepared(canvas: HTMLCanvasElement, width: number, height: number): [Pen, ImageData, Words] {
  const dpr = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * dpr));
  canvas.height = Math.max(1, Math.round(height * dpr));
  const pen = canvas.getContext("2d") as Pen;
  const image = new ImageData(canvas.width, canvas.height);
  const words = { data: new Uint32Array(image.data.buffer), width: image.width, height: image.height };
  return [pen, image, words];
}

const all = (words: Words) => ({ left: 0, top: 0, width: words.width, height: words.height });

const ROOM_FOR_LINES = 5; // px of a pixel

/** The image, each pixel a square, with lines between them where there is room. */
export function drawImage(
  canvas: HTMLCanvasElement,
  shades: Uint8Array,
  shape: Shape,
  scale: number,
  look: Look,
): void {
  const [pen, image, words] = prepared(canvas, shape.width * scale, shape.height * scale);
  paintImage(words, all(words), shades, [shape.height, shape.width], shape.channels, greys(look.invert));
  pen.putImageData(image, 0, 0);
  if (scale < ROOM_FOR_LINES) return;
  pen.fillStyle = "rgb(128 128 128 / 0.35)";
  const step = canvas.width / shape.width;
  for (let line = 1; line < shape.width; line++) pen.fillRect(Math.round(line * step), 0, 1, canvas.height);
  for (let line = 1; line < shape.height; line++) pen.fillRect(0, Math.round(line * step), canvas.width, 1);
}

/** The numbers of a part, each on its shade. */
export function drawNumbers(
  canvas: HTMLCanvasElement,
  shades: Uint8Array,
  textOf: (index: number) => string,
  shape: Shape,
  part: Part,
  channel: number,
  cell: number,
  look: Look,
): void {
  const [pen, image, words] = prepared(canvas, part.width * cell, part.height * cell);
  const own = new Uint8Array(part.width * part.height);
  for (let i = 0; i < own.length; i++) own[i] = shades[indexIn(part, i, channel, shape)] as number;
  paintImage(words, all(words), own, [part.height, part.width], 1, greys(look.invert));
  pen.putImageData(image, 0, 0);
  const dpr = window.devicePixelRatio || 1;
  pen.setTransform(dpr, 0, 0, dpr, 0, 0);
  pen.font = `${Math.max(7, Math.round(cell * 0.44))}px system-ui, "Noto Sans", "Liberation Sans", sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const paper = look.invert ? 255 : 0; // the grey of the least value
  for (let i = 0; i < own.length; i++) {
    const grey = look.invert ? 255 - (own[i] as number) : (own[i] as number);
    pen.fillStyle = grey === paper ? look.quiet : grey > 127 ? "#000000" : "#ffffff";
    const x = ((i % part.width) + 0.5) * cell;
    const y = (Math.floor(i / part.width) + 0.5) * cell;
    pen.fillText(textOf(indexIn(part, i, channel, shape)), x, y, cell - 1);
  }
}

const indexIn = (part: Part, i: number, channel: number, shape: Shape): number =>
  indexOf(part.top + Math.floor(i / part.width), part.left + (i % part.width), channel, shape);

export const STRIP = 36; // px of the vector's height
const TICK = 6;

/** All values in one line, with a tick where a row of the image begins. */
export function drawVector(
  canvas: HTMLCanvasElement,
  shades: Uint8Array,
  shape: Shape,
  scale: number,
  look: Look,
): void {
  const width = shades.length * scale;
  const [pen, image, words] = prepared(canvas, width, STRIP + TICK);
  const box = { ...all(words), height: Math.round((STRIP / (STRIP + TICK)) * words.height) };
  paintImage(words, box, shades, [1, shades.length], 1, greys(look.invert));
  pen.putImageData(image, 0, 0);
  pen.fillStyle = look.quiet;
  const step = (shape.width * shape.channels * canvas.width) / shades.length;
  if (step < 4) return;
  for (let row = 0; row <= shape.height; row++) {
    const x = Math.min(canvas.width - 1, Math.round(row * step));
    pen.fillRect(x, box.height, 1, canvas.height - box.height);
  }
}

/** A row of plain values as bars. */
export function drawBars(
  canvas: HTMLCanvasElement,
  shades: Uint8Array,
  width: number,
  height: number,
  dark: boolean,
): void {
  const [pen, image, words] = prepared(canvas, width, height);
  const bar = dark ? wordOf(154, 165, 177) : wordOf(89, 99, 110); // so large an area of ink would shout
  paintBars(words, all(words), shades, bar, dark ? wordOf(0, 0, 0) : wordOf(255, 255, 255));
  pen.putImageData(image, 0, 0);
}
