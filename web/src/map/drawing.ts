// What draws the dots, whatever it draws them with: what it is told, and what it answers.

import type { Rgb } from "../palette";
import type { Graph } from "./edges";
import type { View } from "./view";

export interface Look {
  ground: Rgb;
  /** what the dots' rim multiplies their colour by: below 1 darker, for light grounds */
  rimShade: number;
}

export interface ClassLook {
  colour: Rgb;
  opacity: number; // 0 hides the class
}

/** What the dots' colours say in place of their classes. */
export interface ValueLook {
  values: Float32Array;
  low: number;
  high: number;
  ramp: readonly Rgb[]; // from low to high
}

/** Which colour of the ramp a row has: its last place and one more is that of rows without a value. */
export function stepOf({ values, low, high, ramp }: ValueLook, row: number): number {
  const value = values[row] as number;
  if (Number.isNaN(value)) return ramp.length;
  const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  return Math.round(share * (ramp.length - 1));
}

export interface Drawing {
  view: View;
  /** how far the rows are from the centre at most, in map units: the haze of a 3-D map is spread over that */
  radius: number;
  /** the map before and how far it has turned into this one; null when nothing turns */
  turning: { view: View; radius: number; share: number } | null;
  points: number;
  diameter: number; // CSS pixels
  opacity: number;
}

/** No screen is drawn finer than that, in pixels of it for each CSS pixel. */
export const LARGEST_RATIO = 2;
export const screenRatio = (): number => Math.min(window.devicePixelRatio, LARGEST_RATIO);
/** How far rows beside a selection fade. */
export const DIMMED = 0.72;
/** How much larger selected dots are drawn. */
export const GROWN = 1.35;
/** How far the colour of the farthest dots goes over to the ground's; less where the colour says a value. */
export const HAZE = 0.62;
export const HAZE_OF_VALUES = 0.25;

/** How far the colour of an edge within a class goes over to grey: C10's 35 % of saturation beside the dots' 50 %. */
export const GREYED = 0.3;
/** The colour of an edge between two classes. */
export const BETWEEN: Rgb = [107, 107, 107];

/** Draws when it is told to, and never by itself. */
export interface Renderer {
  readonly kind: "webgl" | "canvas";
  /** Whether there is nothing to draw on now. */
  readonly lost: boolean;
  /** The rows' class codes; rows without a class carry the code after the last class. */
  setRows(codes: Uint16Array<ArrayBuffer>): void;
  setLook(look: Look): void;
  setClasses(looks: readonly ClassLook[]): void;
  /** Colour the dots by a value; null: by their classes. A row whose value is NaN is grey. */
  setValues(look: ValueLook | null): void;
  /** Draw these rows above all others, which fade; none: all are alike. */
  setSelected(rows: Uint32Array): void;
  /** 1 for each row that is not drawn, (n,); null: all are. */
  setLeftOut(flags: Uint8Array | null): void;
  /** Draw the edges of that graph under the dots; null: none. */
  setEdges(graph: Graph | null): void;
  /** Adopt the positions of a frame, not a copy of them. */
  setPositions(dim: 2 | 3, positions: Float32Array<ArrayBuffer>): void;
  /** Keep these positions as the map that the next one grows out of. */
  setBefore(dim: 2 | 3, positions: Float32Array<ArrayBuffer>): void;
  /** `ratio` pixels for each CSS pixel; that of the screen where nothing is said. */
  resize(width: number, height: number, ratio?: number): void;
  draw(drawing: Drawing): void;
  /** Wait until the picture is really there. */
  finish(): void;
  dispose(): void;
}
