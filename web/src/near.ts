// The nearest of the image that is kept: in the pixels, as the app computes them, and on the map, as it stands here.

import { computed, effect, signal } from "@preact/signals";
import { nearestOnMap } from "./map/region";
import { ask } from "./net/api";
import type { NearRecord } from "./net/wire";
import { pinned, shown, stage, tell } from "./state";

export const COUNT = 12;

const found = signal<NearRecord | null>(null);

/** The nearest in the pixels of the row that is kept; null while they are on their way. */
export const nearInPixels = computed<NearRecord | null>(() =>
  found.value?.row === pinned.value ? found.value : null,
);

/** The nearest on the map that is shown now, of the row that is kept. */
export const nearHere = computed<readonly number[]>(() => {
  const row = pinned.value;
  const positions = shown.value ? stage.value?.positions : null;
  const view = stage.value?.view;
  if (row === null || !positions || !view) return [];
  return nearestOnMap(view.dim, positions, row, COUNT);
});

/** Of the nearest in the pixels, those that are not among the nearest on the map. */
export const lostHere = computed<ReadonlySet<number>>(() => {
  const here = new Set(nearHere.value);
  return new Set((nearInPixels.value?.rows ?? []).filter((row) => !here.has(row)));
});

export function startNear(): void {
  effect(() => {
    const row = pinned.value;
    if (row === null || found.peek()?.row === row) return;
    void load(row);
  });
}

async function load(row: number): Promise<void> {
  try {
    const answer = (await (await ask(`./api/rows/${row}/near?k=${COUNT}`)).json()) as NearRecord;
    if (pinned.peek() === row) found.value = answer;
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
  }
}
