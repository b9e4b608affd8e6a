// Where the image stands on the map that is shown in the map view: the class of its label, the class that is suggested, and
// all others in grey.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { runName } from "../../format";
import { classColour, css, type Rgb } from "../../palette";
import { className, codes, dataset, drawn, shown, shownRun, stage } from "../../state";
import { dark } from "../../theme";
import { classCss } from "../../ui/swatch";
import { suggestion } from "./choice";

const SIZE = 168;
const MARGIN = 6;

export function Place({ row }: { row: number }): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const run = shownRun.value;
  const step = shown.value?.step;
  const other = suggestion.value;
  const isDark = dark.value;
  // A map that is still forming is drawn again with its frames, but not more often than it is looked at.
  const frame = run?.status === "running" ? Math.floor((step ?? 0) / 25) : step;
  useEffect(() => {
    const positions = stage.peek()?.positions;
    const dim = stage.peek()?.view.dim ?? 2;
    if (canvas.current && positions) draw(canvas.current, positions, dim, row, other);
  }, [row, run?.id, frame, other, isDark, drawn.value > 0]);
  if (!run) return null;
  return (
    <div class="labels-place">
      <h3>On the map</h3>
      <canvas ref={canvas} role="img" aria-label={`Image ${row} on the map`} data-row={row} />
      <p class="quiet">
        {runName(run)}: <i class="dot" style={{ background: classCss(row) }} /> its label
        {other !== null && (
          <>
            {" "}
            <i class="dot" style={{ background: css(colourOf(other)) }} /> {className(other)}
          </>
        )}
      </p>
    </div>
  );
}

function colourOf(name: string): Rgb {
  const classes = dataset.peek()?.classes ?? [];
  return classColour(classes.indexOf(name), classes.length);
}

/** One pixel a dot, so that 70,000 take a few milliseconds; the two classes above the others. */
function draw(
  canvas: HTMLCanvasElement,
  positions: Float32Array,
  dim: number,
  row: number,
  other: string | null,
): void {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const size = Math.round(SIZE * ratio);
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return;
  const place = placing(positions, dim, size);
  const picture = context.createImageData(size, size);
  const words = new Uint32Array(picture.data.buffer);
  const own = codes.peek()[row] ?? -1;
  const classes = dataset.peek()?.classes ?? [];
  const second = other === null ? -1 : classes.indexOf(other);
  const grey: Rgb = dark.peek() ? [0x3a, 0x42, 0x4c] : [0xdc, 0xe0, 0xe5];
  for (const pass of [0, 1]) {
    for (let each = 0; each < positions.length / dim; each++) {
      const code = codes.peek()[each] as number;
      const coloured = code === own || code === second;
      if (coloured !== (pass === 1)) continue;
      const [x, y] = place(each);
      words[y * size + x] = word(coloured ? classColour(code, classes.length) : grey);
    }
  }
  context.putImageData(picture, 0, 0);
  const [x, y] = place(row);
  const style = getComputedStyle(canvas);
  context.lineWidth = 2 * ratio;
  for (const [radius, colour] of [
    [8, style.getPropertyValue("--ground")],
    [6, style.getPropertyValue("--text")],
  ] as const) {
    context.strokeStyle = colour;
    context.beginPath();
    context.arc(x, y, radius * ratio, 0, 2 * Math.PI);
    context.stroke();
  }
}

function placing(positions: Float32Array, dim: number, size: number): (row: number) => [number, number] {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < positions.length; at += dim) {
    for (const axis of [0, 1]) {
      const value = positions[at + axis] as number;
      if (value < (low[axis] as number)) low[axis] = value;
      if (value > (high[axis] as number)) high[axis] = value;
    }
  }
  const [left = 0, bottom = 0] = low;
  const [right = 1, top = 1] = high;
  const margin = (MARGIN * size) / SIZE;
  const scale = (size - 2 * margin) / Math.max(right - left, top - bottom, 1e-9);
  const middle = [(left + right) / 2, (bottom + top) / 2] as const;
  return (row) => [
    Math.round(size / 2 + ((positions[dim * row] as number) - middle[0]) * scale),
    Math.round(size / 2 - ((positions[dim * row + 1] as number) - middle[1]) * scale),
  ];
}

const word = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
