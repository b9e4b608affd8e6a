// One picture of the gallery: images, the text below them, the titles of groups, and marks on what is selected, kept or
// under the pointer.

import { fill, greys, paintBars, paintImage, type Words, wordOf } from "../../paint";
import { type Grid, MARGIN, placeOf, type Visible } from "./grid";

export interface Colours {
  dark: boolean;
  ground: string;
  text: string;
  quiet: string;
  line: string;
  accent: string;
  onAccent: string;
}

export interface Scene {
  grid: Grid;
  rows: Uint32Array;
  /** how far it is scrolled, in px */
  top: number;
  seen: Visible;
  shape: readonly [number, number] | null;
  channels: number;
  invert: boolean;
  pixelsOf(row: number): Uint8Array | undefined;
  labelOf(row: number): string;
  colourOf(row: number): string;
  titleOf(section: number): string;
  selected: Uint8Array;
  kept: number | null;
  hovered: number | null;
  /** the row that the keys are at, where the gallery has the focus */
  cursor: number | null;
}

const FONT = 'px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

const OVER = 3; // px that the number may reach into the gap

type Pen = CanvasRenderingContext2D;

/** What is used again for each picture of the same size. */
export class Easel {
  private words: Words = { data: new Uint32Array(), width: 0, height: 0 };
  private image: ImageData | null = null;

  constructor(private readonly pen: Pen) {}

  /** Draw it; how many images are still on their way. */
  draw(scene: Scene, colours: Colours, dpr: number): number {
    const { width, height } = this.pen.canvas;
    if (width === 0 || height === 0) return 0;
    if (!this.image || this.words.width !== width || this.words.height !== height) {
      this.image = new ImageData(width, height);
      this.words = { data: new Uint32Array(this.image.data.buffer), width, height };
    }
    this.words.data.fill(wordOfCss(colours.ground));
    const missing = this.paintAll(scene, colours, dpr);
    this.pen.putImageData(this.image, 0, 0);
    this.pen.setTransform(dpr, 0, 0, dpr, 0, -scene.top * dpr);
    drawTitles(this.pen, scene, colours);
    for (let index = scene.seen.from; index < scene.seen.to; index++)
      drawMarks(this.pen, scene, index, colours);
    if (scene.grid.text > 0) drawTexts(this.pen, scene, colours);
    return missing;
  }

  private paintAll(scene: Scene, colours: Colours, dpr: number): number {
    const { grid, rows } = scene;
    const grey = greys(scene.invert);
    const blank = wordOfCss(colours.line);
    const [ink, paper] = [wordOfCss(colours.text), colours.dark ? wordOf(0, 0, 0) : wordOf(255, 255, 255)];
    let missing = 0;
    for (let index = scene.seen.from; index < scene.seen.to; index++) {
      const place = placeOf(grid, index);
      const box = {
        left: Math.round(place.left * dpr),
        top: Math.round((place.top - scene.top) * dpr),
        width: Math.round(grid.width * dpr),
        height: Math.round(grid.height * dpr),
      };
      const pixels = scene.pixelsOf(rows[index] as number);
      if (!pixels) {
        missing += 1;
        fill(this.words, box, blank);
      } else if (scene.shape) {
        paintImage(this.words, box, pixels, scene.shape, scene.channels, grey);
      } else paintBars(this.words, box, pixels, ink, paper);
    }
    return missing;
  }
}

function wordOfCss(hex: string): number {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return wordOf((value >> 16) & 255, (value >> 8) & 255, value & 255);
}

function drawTitles(pen: Pen, scene: Scene, colours: Colours): void {
  if (scene.grid.title === 0) return;
  const bottom = scene.top + pen.canvas.height;
  scene.grid.sections.forEach((section, number) => {
    if (section.top > bottom || section.top + scene.grid.title < scene.top) return;
    const line = section.top + 20;
    pen.font = `600 14${FONT}`;
    pen.fillStyle = colours.text;
    pen.textAlign = "left";
    const title = fitted(pen, section.title, 320);
    pen.fillText(title, scene.grid.left, line);
    const after = scene.grid.left + pen.measureText(title).width + MARGIN;
    pen.font = `12${FONT}`;
    pen.fillStyle = colours.quiet;
    pen.fillText(scene.titleOf(number), after, line);
  });
}

function drawTexts(pen: Pen, scene: Scene, colours: Colours): void {
  const { grid, rows, seen } = scene;
  const baseline = grid.height + grid.text - 4;
  pen.font = `12${FONT}`;
  for (let index = seen.from; index < seen.to; index++) {
    const row = rows[index] as number;
    const { left, top } = placeOf(grid, index);
    const room = grid.width - 10;
    const label = fitted(pen, scene.labelOf(row), room);
    pen.fillStyle = scene.colourOf(row);
    pen.beginPath();
    pen.arc(left + 3, top + baseline - 4, 3, 0, 2 * Math.PI);
    pen.fill();
    pen.textAlign = "left";
    pen.fillStyle = colours.text;
    pen.fillText(label, left + 10, top + baseline);
    const space = room - pen.measureText(label).width;
    const number = [`#${row}`, String(row)].find((text) => pen.measureText(text).width + 4 <= space + OVER);
    if (number === undefined) continue;
    pen.textAlign = "right";
    pen.fillStyle = colours.quiet;
    pen.fillText(number, left + grid.width + OVER, top + baseline);
  }
}

/** Frames, and a tick on what is selected: never by colour alone. */
function drawMarks(pen: Pen, scene: Scene, index: number, colours: Colours): void {
  const { grid, selected, kept, hovered, cursor } = scene;
  const row = scene.rows[index] as number;
  const { left, top } = placeOf(grid, index);
  const frame = (away: number, width: number, colour: string, dashes: number[] = []): void => {
    pen.setLineDash(dashes);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    const out = away + width / 2;
    pen.strokeRect(left - out, top - out, grid.width + 2 * out, grid.height + 2 * out);
    pen.setLineDash([]);
  };
  const chosen = selected[row] === 1;
  if (chosen) frame(0, 2, colours.accent);
  if (row === kept) frame(chosen ? 2 : 0, 2, colours.text);
  else if (row === hovered) frame(chosen ? 2 : 0, 1, colours.quiet);
  if (row === cursor) frame(2, 1, colours.text, [2, 2]);
  if (!chosen) return;
  const side = Math.min(14, Math.max(8, grid.width / 3));
  const [x, y] = [left + grid.width - side, top];
  pen.fillStyle = colours.accent;
  pen.fillRect(x, y, side, side);
  pen.strokeStyle = colours.onAccent;
  pen.lineWidth = side / 7;
  pen.beginPath();
  pen.moveTo(x + 0.24 * side, y + 0.52 * side);
  pen.lineTo(x + 0.43 * side, y + 0.72 * side);
  pen.lineTo(x + 0.78 * side, y + 0.3 * side);
  pen.stroke();
}

const fits = new Map<string, string>();
const MOST_FITS = 4096;

/** As much of the text as there is room for. */
function fitted(pen: Pen, text: string, room: number): string {
  const key = `${pen.font}|${room}|${text}`;
  const known = fits.get(key);
  if (known !== undefined) return known;
  let shown = text;
  while (shown !== "" && pen.measureText(shown === text ? text : `${shown}…`).width > room)
    shown = [...shown].slice(0, -1).join("");
  const found = shown === text ? text : `${shown}…`;
  if (fits.size > MOST_FITS) fits.clear();
  fits.set(key, found);
  return found;
}
