// Strokes on a square sheet: where the pen went, and how they are written into an address. Pure.

/** The sheet's side, in its own units, whatever size it is shown at. */
export const SIDE = 224;
/** Steps of the pen when it is moved by keys: as many cells each way as an image of MNIST has pixels. */
export const CELLS = 28;

export interface Stroke {
  width: number;
  /** x, y, x, y, …, from the sheet's top left corner */
  points: readonly number[];
}

const SPECK = 0.01;
const APART = 2; // units between two points that are kept
const DIGITS = 36;

/** The stroke on to there; a point too close to the last one changes nothing. */
export function longer(stroke: Stroke, x: number, y: number): Stroke {
  const { points } = stroke;
  const [px, py] = [points.at(-2), points.at(-1)];
  if (px !== undefined && py !== undefined && Math.hypot(x - px, y - py) < APART) return stroke;
  return { ...stroke, points: [...points, inside(x), inside(y)] };
}

const inside = (value: number): number => Math.min(SIDE - 1, Math.max(0, Math.round(value)));

type Pen = Pick<CanvasRenderingContext2D, "beginPath" | "moveTo" | "lineTo" | "stroke"> & {
  lineWidth: number;
};

/** Draw the strokes with a pen whose colour, round ends and scale are set. */
export function draw(pen: Pen, strokes: readonly Stroke[]): void {
  for (const { width, points } of strokes) {
    pen.lineWidth = width;
    pen.beginPath();
    const [x = 0, y = 0, ...rest] = points;
    pen.moveTo(x, y);
    if (rest.length === 0) pen.lineTo(x + SPECK, y); // round ends make it a dot; a line of no length is not drawn
    for (let i = 0; i < rest.length; i += 2) pen.lineTo(rest[i] as number, rest[i + 1] as number);
    pen.stroke();
  }
}

/** "22_0a0b…~…": each stroke as its width and two letters for each coordinate. */
export const written = (strokes: readonly Stroke[]): string =>
  strokes
    .map(
      ({ width, points }) => `${width}_${points.map((at) => at.toString(DIGITS).padStart(2, "0")).join("")}`,
    )
    .join("~");

/** What was written; whatever is no stroke is left out. */
export function read(text: string): Stroke[] {
  return text.split("~").flatMap((part) => {
    const [, width, letters] = /^(\d{1,2})_((?:[0-9a-z]{4})+)$/.exec(part) ?? [];
    if (!width || !letters) return [];
    const points = (letters.match(/../g) ?? []).map((pair) => inside(Number.parseInt(pair, DIGITS)));
    return [{ width: Math.min(THICKEST, Math.max(THINNEST, Number(width))), points }];
  });
}

export const THINNEST = 8;
export const THICKEST = 40;

/** How high each pixel is with ink, 0 to 255, of a picture of white strokes on black. */
export function inkOf(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const ink = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < ink.length; i++) ink[i] = rgba[4 * i] as number;
  return ink;
}
