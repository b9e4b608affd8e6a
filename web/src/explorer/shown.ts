// The row whose image an explorer shows: the one under the pointer, else the one that is kept.

import { computed, effect, signal } from "@preact/signals";
import { dataset, hovered, images, pinned, tell } from "../state";

export const shownRow = computed(() => hovered.value ?? pinned.value);

/** The pixels of that row, 0 to 255, as soon as they are here; null where no row is shown. */
export const shownPixels = signal<{ row: number; bytes: Uint8Array } | null>(null);

effect(() => {
  const row = shownRow.value;
  if (row === null || !dataset.value?.image_shape || !images.value) {
    shownPixels.value = null;
    return;
  }
  const here = images.value.peek(row);
  if (here) {
    shownPixels.value = { row, bytes: here };
    return;
  }
  images.value
    .load(row)
    .then((bytes) => {
      if (shownRow.peek() === row) shownPixels.value = { row, bytes };
    })
    .catch((error: Error) => tell("warning", error.message));
});
