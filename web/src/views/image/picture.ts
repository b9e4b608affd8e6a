// One image as numbers, as a picture: the image with its pixels, the matrix and the vector, with what they are below them.

import { imageRgba } from "../../explorer/colours";
import { count } from "../../format";
import type { Box } from "../../paint";
import { drawCells } from "../../picture/cells";
import { widthOf } from "../../picture/measure";
import type { Picture } from "../../picture/offered";
import type { Pen } from "../../picture/pen";
import type { Ink } from "../../picture/sheet";
import { dataset, labelOf } from "../../state";
import { dark } from "../../theme";
import { valueText } from "./figures";
import { channel, part, place, shape, type Values } from "./looked";
import { STRIP } from "./pictures";
import { indexOf, type Part, type Shape, type Sizes, sizesFor } from "./pixel";

const EDGE = 16;
const HEAD = 40;
const UNDER = 24; // the line below a figure
const GAP = 16;
const SMALL = { size: 12 };
const BARS_HEIGHT = 240;

interface Figures {
  shown: Values;
  form: Shape;
  about: Part;
  sizes: Sizes;
  invert: boolean;
}

export function imagePicture(shown: Values, stage: { width: number; height: number }): Picture {
  const form = shape.peek();
  const about = part.peek();
  const name = `image ${shown.row}`;
  if (!form || !about) return { name: `row ${shown.row}`, shows: bars(shown, stage.width) };
  const sizes = sizesFor(form, about, stage);
  const invert = dataset.peek()?.ink_is_high !== dark.peek();
  return { name, shows: figures({ shown, form, about, sizes, invert }) };
}

function figures(all: Figures) {
  const { shown, form, about, sizes } = all;
  const image = { width: form.width * sizes.pixel, height: form.height * sizes.pixel };
  const numbers = { width: about.width * sizes.cell, height: about.height * sizes.cell };
  const strip = { width: shown.shades.length * sizes.value, height: STRIP };
  const below = HEAD + Math.max(image.height, numbers.height) + UNDER + GAP;
  const right = EDGE + image.width + EDGE;
  const draw = (pen: Pen, ink: Ink): void => {
    title(pen, ink, shown);
    drawImage(pen, ink, all, { ...image, left: EDGE, top: HEAD });
    drawNumbers(pen, ink, all, { ...numbers, left: right, top: HEAD });
    drawVector(pen, ink, all, { ...strip, left: EDGE, top: below });
  };
  return {
    width: EDGE + Math.max(right + numbers.width, right + widthOf(partSays(all), SMALL), EDGE + strip.width),
    height: below + STRIP + UNDER,
    coloured: false,
    draw,
  };
}

function title(pen: Pen, ink: Ink, shown: Values): void {
  const says = `#${shown.row} → ${count(shown.own.length)} values → ${labelOf(shown.row)}`;
  pen.text(says, [EDGE, HEAD / 2], { size: 14, bold: true, colour: ink.text });
}

function caption(pen: Pen, ink: Ink, { left, top, height }: Box, says: string): void {
  pen.text(says, [left, top + height + UNDER / 2], { ...SMALL, colour: ink.quiet });
}

function drawImage(pen: Pen, ink: Ink, { shown, form, about, sizes, invert }: Figures, box: Box): void {
  drawCells(pen, imageRgba(shown.shades, form.channels, invert), [form.height, form.width], box);
  const unit = sizes.pixel;
  const { left, top } = box;
  if (unit >= 5) {
    const upright = steps(form.width).map((at) => [
      [left + at * unit, top] as const,
      [left + at * unit, top + box.height] as const,
    ]);
    const level = steps(form.height).map((at) => [
      [left, top + at * unit] as const,
      [left + box.width, top + at * unit] as const,
    ]);
    pen.lines([...upright, ...level], { stroke: "rgba(128, 128, 128, 0.35)", width: 0.5 });
  }
  pen.rect(box, { stroke: ink.line });
  const mark = (of: Box, width: number): void =>
    pen.rect(
      {
        left: left + of.left * unit,
        top: top + of.top * unit,
        width: of.width * unit,
        height: of.height * unit,
      },
      { stroke: ink.accent, width },
    );
  if (about.width < form.width || about.height < form.height) mark(about, 1);
  const at = place.peek();
  if (at) mark({ left: at.column, top: at.row, width: 1, height: 1 }, 2);
  caption(pen, ink, box, `${count(form.height)} rows × ${count(form.width)} columns`);
}

/** Where the lines between so many squares are. */
const steps = (squares: number): number[] => Array.from({ length: squares - 1 }, (_, i) => i + 1);

function drawNumbers(pen: Pen, ink: Ink, all: Figures, box: Box): void {
  const { shown, form, about, sizes, invert } = all;
  const of = channel.peek();
  const indices = Array.from({ length: about.width * about.height }, (_, i) =>
    indexOf(about.top + Math.floor(i / about.width), about.left + (i % about.width), of, form),
  );
  const shades = Uint8Array.from(indices, (index) => shown.shades[index] as number);
  drawCells(pen, imageRgba(shades, 1, invert), [about.height, about.width], box);
  const size = Math.max(7, Math.round(sizes.cell * 0.44));
  const paper = invert ? 255 : 0; // the grey of the least value
  indices.forEach((index, i) => {
    const grey = invert ? 255 - (shades[i] as number) : (shades[i] as number);
    const colour = grey === paper ? ink.quiet : grey > 127 ? "#000000" : "#ffffff";
    const x = box.left + ((i % about.width) + 0.5) * sizes.cell;
    const y = box.top + (Math.floor(i / about.width) + 0.5) * sizes.cell;
    pen.text(valueText(shown, index), [x, y], { size, colour, anchor: "middle" });
  });
  pen.rect(box, { stroke: ink.line });
  const at = place.peek();
  const [line, column] = at ? [at.row - about.top, at.column - about.left] : [-1, -1];
  if (line >= 0 && line < about.height && column >= 0 && column < about.width) {
    const [left, top] = [box.left + column * sizes.cell, box.top + line * sizes.cell];
    pen.rect({ left, top, width: sizes.cell, height: sizes.cell }, { stroke: ink.accent, width: 2 });
  }
  caption(pen, ink, box, partSays(all));
}

/** Which numbers they are. */
function partSays({ form, about }: Figures): string {
  if (about.width === form.width && about.height === form.height)
    return "as a matrix: each number on its shade";
  const [bottom, right] = [about.top + about.height - 1, about.left + about.width - 1];
  return `rows ${about.top} to ${bottom}, columns ${about.left} to ${right}`;
}

function drawVector(pen: Pen, ink: Ink, { shown, invert }: Figures, box: Box): void {
  drawCells(pen, imageRgba(shown.shades, 1, invert), [1, shown.shades.length], box);
  pen.rect(box, { stroke: ink.line });
  caption(pen, ink, box, `as a vector of ${count(shown.shades.length)} values, row after row`);
}

/** Plain values: a bar each, from the least that the data can have to the greatest. */
function bars(shown: Values, stage: number) {
  const box = { left: EDGE, top: HEAD, width: stage - 2 * EDGE, height: BARS_HEIGHT };
  const step = box.width / shown.shades.length;
  const draw = (pen: Pen, ink: Ink): void => {
    title(pen, ink, shown);
    shown.shades.forEach((shade, i) => {
      const height = Math.max(1, (shade / 255) * box.height);
      const [left, top] = [box.left + i * step, box.top + box.height - height];
      pen.rect({ left, top, width: Math.max(0.5, 0.8 * step), height }, { fill: ink.quiet });
    });
    pen.rect(box, { stroke: ink.line });
    const says = `${count(shown.own.length)} values, from the least that the data can have to the greatest`;
    caption(pen, ink, box, says);
  };
  return { width: stage, height: HEAD + BARS_HEIGHT + UNDER, coloured: false, draw };
}
