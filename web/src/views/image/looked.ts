// The image that is looked at, its values as they are in the data, and the pixel under the pointer.

import { computed, effect, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { leftOut } from "../../filter";
import { ask } from "../../net/api";
import { selected } from "../../selection";
import { codes, dataset, images, pinned, tell } from "../../state";
import { type Part, partAround, placeOf, type Shape } from "./pixel";

/** The kept image, else the first one of the selection, else the first there is. */
export const row = computed<number | null>(() => {
  const first = leftOut.value ? leftOut.value.indexOf(0) : 0;
  const found = pinned.value ?? selected.value[0] ?? first;
  return found >= 0 && found < codes.value.length ? found : null;
});

/** The index in the vector that is pointed at. */
export const pixel = signal<number | null>(null);
/** Which of red, green and blue the numbers are of. */
export const channel = signal(0);
/** Whether the numbers go from 0 to 1 instead of over the data's own range. */
export const shares = signal(false);
/** What the numbers are shown around, where there is no room for all: the row and the column. */
export const centre = signal<[number, number]>([0, 0]);

export interface Values {
  row: number;
  /** as they are in the data */
  own: Float32Array;
  /** 0 to 255, the data's range spread over it */
  shades: Uint8Array;
}

export const values = signal<Values | null>(null);

/** Whether the stage has room for the facts of a pixel; else they stand in the panel. */
export const factsInStage = signal(false);

/** The values of the lightest and the darkest shade, as far as this image tells them. */
export const range = computed<[number, number] | null>(() => {
  const found = values.value;
  if (!found) return null;
  let [low, high] = [0, 0];
  found.shades.forEach((shade, i) => {
    if (shade < (found.shades[low] ?? 0)) low = i;
    if (shade > (found.shades[high] ?? 0)) high = i;
  });
  const [from, to] = [found.own[low] ?? 0, found.own[high] ?? 0];
  const [dark, light] = [found.shades[low] ?? 0, found.shades[high] ?? 0];
  if (dark === light) return null;
  const unit = (to - from) / (light - dark);
  const least = Number((from - dark * unit).toPrecision(6));
  return [least, Number((least + 255 * unit).toPrecision(6))];
});

export const shape = computed<Shape | null>(() => {
  const facts = dataset.value;
  if (!facts?.image_shape) return null;
  return { height: facts.image_shape[0], width: facts.image_shape[1], channels: facts.channels };
});

export const part = computed<Part | null>(() => shape.value && partAround(...centre.value, shape.value));

export const place = computed(() =>
  pixel.value === null || !shape.value ? null : placeOf(pixel.value, shape.value),
);

/** How many images of each class have ink at each pixel, class by class; null while it is not known. */
export const ink = signal<Uint32Array | null>(null);
let inkAsked = false;

export function learnInk(): void {
  if (inkAsked) return;
  inkAsked = true;
  ask("./api/ink")
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => {
      ink.value = new Uint32Array(bytes);
    })
    .catch(() => {
      ink.value = null; // so many classes of so large images are not counted; then nothing is said of it
    });
}

async function load(wanted: number): Promise<void> {
  try {
    const [shades, answer] = await Promise.all([
      images.peek()?.load(wanted),
      ask(`./api/rows/${wanted}/values`),
    ]);
    const own = new Float32Array(await answer.arrayBuffer());
    if (row.peek() === wanted && shades) values.value = { row: wanted, own, shades };
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
  }
}

/** Keep the values those of the image that is looked at, until the result is called. */
export function follow(): () => void {
  return effect(() => {
    const wanted = row.value;
    if (wanted !== null && images.value) void load(wanted);
  });
}

/** Point at that place of the vector; the numbers come about it unless it was there that it was pointed at. */
export function point(index: number | null, among = false): void {
  pixel.value = index;
  const at = place.peek();
  if (at && !among) centre.value = [at.row, at.column];
}

inAddress("pixel", {
  write: () => (pixel.value === null ? null : String(pixel.value)),
  read: (text) => {
    const index = Number(text);
    if (Number.isSafeInteger(index) && index >= 0) pixel.value = index;
  },
});
