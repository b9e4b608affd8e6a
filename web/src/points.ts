// What the dots are coloured by: their classes, or how far the place of each can be believed.

import { effect, signal, untracked } from "@preact/signals";
import { fetchPoints } from "./net/api";
import { type PointValues, pointValues, shownRun, tell } from "./state";

export interface Colouring {
  name: string;
  says: string;
}

/** By the name of the values; the names in words are for people. */
export const COLOURINGS: Readonly<Record<string, Colouring>> = {
  recall: {
    name: "neighbours kept",
    says: "The share of each row's 15 nearest in the data that are also among its 15 nearest on the map. Where it is low, what stands near is not what is alike.",
  },
  distortion: {
    name: "distortion",
    says: "How far the distances from each row are stretched or squeezed against the data, as the size of the logarithm of that factor: 0 is true, 0.69 is a factor of two.",
  },
};

const TAIL = 0.02; // of the rows may lie beyond the upper end of a scale that has none of its own
const LEAST = 1e-6; // a scale has some length, also where all values are one

/** What the person chose: "class", or the name of one of those values. */
export const colourBy = signal("class");

let wanted = "";

/** The scale of those values: shares go from 0 to 1, others from 0 to where nearly all of them are. */
export function scaleOf(name: string, values: Float32Array): [number, number] {
  if (name === "recall" || values.length === 0) return [0, 1];
  const sorted = Float32Array.from(values).sort();
  const high = sorted[Math.min(sorted.length - 1, Math.floor((1 - TAIL) * sorted.length))] ?? 1;
  return [0, Math.max(LEAST, high)];
}

/** Keep the colours of the dots true to the run that is shown; it may have no such values, or not yet. */
export function startPoints(): void {
  effect(() => {
    const name = colourBy.value;
    const run = shownRun.value;
    const has = run?.points.includes(name) ?? false;
    const key = has ? `${run?.id} ${name}` : "";
    untracked(() => void show(key, run?.id ?? 0, name));
  });
}

async function show(key: string, run: number, name: string): Promise<void> {
  if (wanted === key) return;
  wanted = key;
  pointValues.value = null;
  if (key === "") return;
  try {
    const values = await fetchPoints(run, name);
    if (wanted !== key) return;
    const [low, high] = scaleOf(name, values);
    const shown: PointValues = { name: COLOURINGS[name]?.name ?? name, values, low, high };
    pointValues.value = shown;
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
  }
}
