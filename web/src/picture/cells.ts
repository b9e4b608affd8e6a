// Squares of one colour each, as an image has them: as rectangles where a picture is one of marks, else as pixels.

import type { Box } from "../paint";
import type { Pen } from "./pen";
import { blank, contextOf } from "./sheet";

/** More of them would make a vector graphic that programs open slowly. */
const MOST = 8192;

/** The colours of the cells, red, green, blue and alpha each, line after line, so that they fill the box. */
export function drawCells(
  pen: Pen,
  rgba: Uint8ClampedArray<ArrayBuffer>,
  [lines, columns]: readonly [number, number],
  box: Box,
): void {
  if (pen.vector && lines * columns <= MOST) {
    drawRuns(pen, rgba, [lines, columns], box);
    return;
  }
  const canvas = blank(columns, lines);
  contextOf(canvas).putImageData(new ImageData(rgba, columns, lines), 0, 0);
  pen.image(canvas, box, box.width >= columns);
}

/** Cells beside each other that are alike as one. */
function drawRuns(
  pen: Pen,
  rgba: Uint8ClampedArray,
  [lines, columns]: readonly [number, number],
  box: Box,
): void {
  const [across, down] = [box.width / columns, box.height / lines];
  const colourAt = (cell: number): string => `rgb(${rgba.slice(4 * cell, 4 * cell + 3).join(" ")})`;
  for (let line = 0; line < lines; line++) {
    for (let from = 0; from < columns; ) {
      const fill = colourAt(line * columns + from);
      let to = from + 1;
      while (to < columns && colourAt(line * columns + to) === fill) to++;
      const [left, top] = [box.left + from * across, box.top + line * down];
      pen.rect({ left, top, width: (to - from) * across, height: down }, { fill });
      from = to;
    }
  }
}
