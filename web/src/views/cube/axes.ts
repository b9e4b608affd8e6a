// Which two pixels are the axes, and how many rows are shown. Of plain vectors the axes are two of their values.

import { computed, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { hisPixel, placeOf } from "../../explorer/scale";
import { act, inHistory } from "../../history";
import type { DatasetRecord } from "../../net/wire";
import { dataset } from "../../state";

export type Way = "across" | "up";

export interface Axes {
  across: number; // the pixel's number, row after row from the top; of a vector the value's
  up: number;
}

/** As many rows as Olah showed. */
export const FIRST = 500;

const chosen = inHistory(signal<Axes | null>(null));
export const all = inHistory(signal(false));

/** What lies behind the pixels that one chooses from while no row is shown: the mean image of that class, -1 of all. */
export const backdrop = signal(-1);

/** How many axes there are to choose from: pixels of an image, else values of a row. */
export const axesCount = (facts: DatasetRecord): number => facts.p / facts.channels;

export const axes = computed<Axes>(() => {
  const facts = dataset.value;
  if (!facts) return { across: 0, up: 0 };
  const last = axesCount(facts) - 1;
  const begin = (way: Way): number => {
    const shape = facts.image_shape;
    if (!shape) return way === "across" ? 0 : Math.min(1, last);
    return hisPixel(way, shape);
  };
  const now = chosen.value;
  const valid = (index: number | undefined, way: Way): number =>
    index !== undefined && index >= 0 && index <= last ? index : begin(way);
  return { across: valid(now?.across, "across"), up: valid(now?.up, "up") };
});

export const rowsShown = computed(() => {
  const n = dataset.value?.n ?? 0;
  return all.value ? n : Math.min(n, FIRST);
});

export function setAxes(next: Partial<Axes>, says = "axes of the cube"): void {
  const now = axes.peek();
  const both = { ...now, ...next };
  if (both.across === now.across && both.up === now.up) return;
  act(says, () => {
    chosen.value = both;
  });
}

export function setAll(on: boolean): void {
  act(on ? "all rows in the cube" : "the first rows in the cube", () => {
    all.value = on;
  });
}

/** "p 7,12", as Olah writes a pixel; of a vector "value 3", counted from 0. */
export function axisName(facts: DatasetRecord, index: number): string {
  return facts.image_shape ? `p ${placeOf(index, facts.image_shape).join(",")}` : `value ${index}`;
}

/** The same pixel as arrays count it: row and column from 0 at the top left. */
export function arrayName(facts: DatasetRecord, index: number): string {
  if (!facts.image_shape) return "";
  const width = facts.image_shape[1];
  return `row ${Math.floor(index / width)}, column ${index % width}`;
}

inAddress("cube", {
  write: () => {
    const { across, up } = axes.value;
    if (chosen.value === null && !all.value && backdrop.value === -1) return null;
    return [across, up, all.value ? "all" : "first", backdrop.value].join("_");
  },
  read: (text) => {
    const [across = "", up = "", many, behind = "-1"] = text.split("_");
    const whole = (part: string): number => (/^\d{1,9}$/.test(part) ? Number(part) : -1);
    chosen.value = { across: whole(across), up: whole(up) };
    all.value = many === "all";
    backdrop.value = /^-?\d{1,5}$/.test(behind) ? Number(behind) : -1;
  },
});
