// What a picture of a view is drawn with: the same few marks become pixels or a vector graphic. All lengths are CSS
// pixels, all colours CSS colours.

import type { Box } from "../paint";

/** Pixels for each CSS pixel of a picture that is made of pixels. */
export const RATIO = 2;

export type Point = readonly [number, number];

export interface Fill {
  fill?: string;
  stroke?: string;
  width?: number; // of the stroke
}

export interface Stroke {
  stroke: string;
  width: number;
  dashes?: readonly number[];
}

export interface Lettering {
  size: number;
  colour: string;
  bold?: boolean;
  anchor?: "start" | "middle" | "end";
  /** Written upwards. */
  turned?: boolean;
  /** The colour round each letter, where text stands on what is drawn. */
  halo?: string;
}

export interface Pen {
  /** Whether marks stay marks: then few dots are better drawn one by one than as pixels. */
  readonly vector: boolean;
  rect(box: Box, look: Fill): void;
  dot(at: Point, radius: number, look: Fill & { opacity?: number }): void;
  /** Lines from point to point, one for each list. */
  lines(all: readonly (readonly Point[])[], look: Stroke): void;
  /** Text in one line; `at` is its middle's height, and its start, middle or end. */
  text(says: string, at: Point, look: Lettering): void;
  /** `crisp` where its pixels are to be seen as squares. */
  image(source: HTMLCanvasElement, box: Box, crisp?: boolean): void;
  /** What is drawn in there begins at that point, and is so many times as large. */
  moved(to: Point, scale: number, draw: () => void): void;
  /** Nothing of what is drawn in there is seen outside of the box. */
  within(box: Box, draw: () => void): void;
}

export const FAMILY =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
/** From the middle of a line of text down to where its letters stand, as a share of their size. */
export const BASELINE = 0.35;

export const fontOf = ({ size, bold }: Pick<Lettering, "size" | "bold">): string =>
  `${bold ? "600 " : ""}${size}px ${FAMILY}`;

/** As much of the text as there is room for. */
export function fitted(says: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(says) <= room) return says;
  const letters = [...says];
  while (letters.length > 0 && widthOf(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** The text in lines that are not wider than that, broken between words; a longer word has a line of its own. */
export function inLines(says: string, room: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of says.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) > room) lines.push(word);
    else lines[Math.max(0, lines.length - 1)] = longer;
  }
  return lines;
}
