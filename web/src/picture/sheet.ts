// A picture of what is seen, as a file: on the ground of the page, at twice its size or as a vector graphic, with what the
// colours say and what it shows below it.

import { CanvasPen } from "./canvas-pen";
import { LINE, legend } from "./legend";
import { widthOf } from "./measure";
import { inLines, type Pen, RATIO } from "./pen";
import { SvgPen } from "./svg-pen";

const MARGIN = 16;
const CAPTION = { size: 12 };

/** The colours of the page as it is now. */
export type Ink = Readonly<Record<(typeof INKS)[number], string>>;

const INKS = ["ground", "panel", "text", "quiet", "line", "accent", "on-accent"] as const;

/** What a view draws, from its own top left corner on. */
export interface Drawing {
  width: number;
  height: number;
  /** What it stands on; the ground of the page where nothing is said. */
  ground?: "ground" | "panel";
  /** Whether its dots have the colours that the legend says. */
  coloured: boolean;
  draw(pen: Pen, ink: Ink): void;
}

export function inkNow(): Ink {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(INKS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Ink;
}

/** What stands below the drawing; how tall it is. */
function drawBelow(pen: Pen, ink: Ink, { width, height, coloured }: Drawing, says: string): number {
  const room = width - 2 * MARGIN;
  const colours = coloured ? legend(pen, ink, MARGIN, height + MARGIN, room) : 0;
  const lines = inLines(says, room, (text) => widthOf(text, CAPTION));
  lines.forEach((line, i) => {
    const y = height + MARGIN + colours + (i + 0.5) * LINE;
    pen.text(line, [MARGIN, y], { ...CAPTION, colour: ink.quiet });
  });
  return MARGIN + colours + lines.length * LINE + MARGIN;
}

const ON_NOTHING = { left: 0, top: 0 };

export function asCanvas(drawing: Drawing, says: string): HTMLCanvasElement {
  const ink = inkNow();
  const { width } = drawing;
  const height = drawing.height + drawBelow(new SvgPen(), ink, drawing, says);
  const canvas = blank(Math.round(RATIO * width), Math.round(RATIO * height));
  const context = contextOf(canvas);
  context.scale(RATIO, RATIO);
  const pen = new CanvasPen(context);
  pen.rect({ ...ON_NOTHING, width, height }, { fill: ink[drawing.ground ?? "ground"] });
  drawing.draw(pen, ink);
  drawBelow(pen, ink, drawing, says);
  return canvas;
}

export function asSvg(drawing: Drawing, says: string): string {
  const ink = inkNow();
  const { width } = drawing;
  const height = drawing.height + drawBelow(new SvgPen(), ink, drawing, says);
  const pen = new SvgPen();
  pen.rect({ ...ON_NOTHING, width, height }, { fill: ink[drawing.ground ?? "ground"] });
  drawing.draw(pen, ink);
  drawBelow(pen, ink, drawing, says);
  return pen.written(width, height, says);
}

export function blank(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("The browser has no room for a picture of this size.");
  return context;
}
