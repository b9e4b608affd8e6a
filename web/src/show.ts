// One image is sought: it is kept in the panel, and every view that is looked at goes to it.

import { signal } from "@preact/signals";
import { leftOut } from "./filter";
import { act } from "./history";
import { selected } from "./selection";
import { codes, pinned, tell } from "./state";

/** The row that was sought last, anew each time: the map centres it, the gallery scrolls to it. */
export const sought = signal<{ row: number } | null>(null);

/** Keep that row's image, and have the views go to it. */
export function showRow(row: number): void {
  act(`kept image ${row}`, () => {
    pinned.value = row;
    sought.value = { row };
  });
  if (leftOut.value?.[row]) {
    tell("info", `Image #${row} is kept, but a filter or the legend leaves it out of the views.`);
  }
}

/** The next (1) or the one before (-1) in the selection, or in the class of the kept image where nothing is selected. */
export function showNext(step: 1 | -1): void {
  const row = next(pinned.value, step, selected.value, codes.value, leftOut.value);
  if (row !== null) showRow(row);
}

export function next(
  from: number | null,
  step: 1 | -1,
  chosen: Uint32Array,
  classes: Uint16Array,
  out: Uint8Array | null,
): number | null {
  const n = classes.length;
  if (chosen.length > 0) {
    const after = chosen.findIndex((row) => row > (from ?? -1));
    const before = chosen.findLastIndex((row) => row < (from ?? n));
    const at = step === 1 ? (after < 0 ? 0 : after) : before < 0 ? chosen.length - 1 : before;
    return chosen[at] ?? null;
  }
  if (from === null) {
    const first = out ? out.indexOf(0) : 0;
    return first < 0 || n === 0 ? null : first;
  }
  for (let gone = 1; gone < n; gone++) {
    const row = (from + step * gone + n) % n;
    if (classes[row] === classes[from] && !out?.[row]) return row;
  }
  return null;
}
