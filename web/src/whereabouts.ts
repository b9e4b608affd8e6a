// Which map is looked at, from where, which classes are off, what is selected and what is kept: in the address, so that a reload or a pasted
// link brings it back. A camera that shows the whole map is not in it.

import { inAddress } from "./address";
import { keptMaps, keptMapsTold, keptOf, runOf } from "./kept";
import { show } from "./live";
import type { Quaternion } from "./map/view";
import { packed, unpacked } from "./rows-in-text";
import { selected } from "./selection";
import { autoFit, chosen, dataset, drawn, hidden, known, pinned, shown, stage, tell } from "./state";

const DIGITS = 6;
/** Whether the page started over, on other data perhaps than those that its address speaks of. */
const left = typeof window !== "undefined" && window.history.state?.left === true;

const short = (value: number): string => String(Number(value.toPrecision(DIGITS)));

export function startWhereabouts(): void {
  inAddress("map", {
    write: () => (chosen.value === null || keptLookedAt() ? null : String(chosen.value)),
    read: (text) => goToRun(Number(text)),
    ready: isShown,
  });
  // A kept map outlives the program, and with it the numbers of its runs.
  inAddress("kept", { write: keptLookedAt, read: goToKept, ready: () => keptMapsTold.value && isShown() });
  inAddress("camera", { write: camera, read: setCamera, ready: isShown });
  inAddress("image", {
    write: () => (pinned.value === null ? null : String(pinned.value)),
    read: (text) => {
      if (isRow(Number(text))) pinned.value = Number(text);
    },
    ready: isOpen,
  });
  inAddress("off", {
    write: () => (hidden.value.size === 0 ? null : packed(Uint32Array.from(hidden.value).sort())),
    read: (text) => {
      const classes = dataset.peek()?.classes.length ?? 0;
      hidden.value = new Set([...unpacked(text)].filter((code) => code < classes));
    },
    ready: isOpen,
  });
  inAddress("rows", {
    write: () => (selected.value.length === 0 ? null : packed(selected.value)),
    read: (text) => {
      selected.value = unpacked(text).filter(isRow);
    },
    ready: isOpen,
  });
}

const isOpen = (): boolean => dataset.value !== null;
/** Whether there is a map on the stage. */
const isShown = (): boolean => shown.value !== null;
const isRow = (row: number): boolean => Number.isInteger(row) && row >= 0 && row < (dataset.peek()?.n ?? 0);

function camera(): string | null {
  if (autoFit.value || drawn.value === 0 || !stage.value) return null;
  const { dim, x, y, z, zoom, orientation } = stage.value.view;
  const numbers = dim === 2 ? [x, y, zoom] : [x, y, z, zoom, ...orientation];
  return numbers.map(short).join(",");
}

function setCamera(text: string): void {
  const numbers = text.split(",").map(Number);
  const framing = stage.value?.framing;
  if (!framing || !numbers.every(Number.isFinite)) return;
  const [x = 0, y = 0, third = 0, fourth = 1, ...turn] = numbers;
  if (framing.view.dim === 2 && numbers.length === 3 && third > 0) framing.lookFrom({ x, y, zoom: third });
  if (framing.view.dim === 3 && numbers.length === 8 && fourth > 0) {
    framing.lookFrom({ x, y, z: third, zoom: fourth, orientation: turn as unknown as Quaternion });
  }
}

/** The kept map that is looked at, where it is one. */
function keptLookedAt(): string | null {
  const id = chosen.value ?? shown.value?.run;
  return keptOf(known.value.runs.find((run) => run.id === id))?.id ?? null;
}

function goToKept(id: string): void {
  if (keptMaps.peek().some((map) => map.id === id)) runOf(id).then(show).catch(gone);
  else if (!left) gone();
}

const gone = (): void => tell("info", "The map of this link is no longer kept.");

function goToRun(id: number): void {
  if (known.value.runs.some((run) => run.id === id) && shown.value?.run !== id) show(id);
}
