// What the dots are coloured by: their classes, how far the place of each can be believed, or any column of the data.

import { computed, effect, signal, untracked } from "@preact/signals";
import { inAddress } from "./address";
import { columnOf, columns, LABEL, loadColumn } from "./columns";
import { act, inHistory } from "./history";
import { fetchPoints } from "./net/api";
import { type PointValues, pointValues, shownRun, tell } from "./state";

export interface Colouring {
  name: string;
  says: string;
}

/** What a run's values are called, by their name; the names in words are for people. */
export const COLOURINGS: Readonly<Record<string, Colouring>> = {
  recall: {
    name: "neighbours kept",
    says: "The share of each row's 15 nearest in the data that are also among its 15 nearest on the map. Where it is low, near ones are not alike.",
  },
  distortion: {
    name: "distortion",
    says: "How far distances from each row are stretched or squeezed, as the size of the factor's logarithm: 0 is true, 0.69 a factor of two.",
  },
};

const TAIL = 0.02; // of the rows may lie beyond either end of a scale that has none of its own
const LEAST = 1e-6; // a scale has some length, also where all values are one
const MOST_NAMES = 50; // more texts than that have no colours that one could tell apart

export const CLASS = "class";

/** What the person chose: "class", the name of a run's values, or `column:` and the id of a column. */
export const colourBy = inHistory(signal(CLASS));

export function colourThemBy(choice: string): void {
  const { map, data } = choices.peek();
  const name = [...map, ...data].find((each) => each.id === choice)?.name ?? "class";
  act(`coloured by ${name}`, () => {
    colourBy.value = choice;
  });
}

const ofColumn = (id: string): string => `column:${id}`;
const columnIn = (choice: string): string | null => /^column:(.+)$/.exec(choice)?.[1] ?? null;

/** What there is to choose for the map that is shown: from the map, and from the data. */
export const choices = computed(() => ({
  map: (shownRun.value?.points ?? []).map((id) => ({ id, name: COLOURINGS[id]?.name ?? id })),
  data: columns.value
    .filter((column) => column.id !== LABEL)
    .map((column) => ({ id: ofColumn(column.id), name: column.title })),
}));

/** The sentence that says what the colours mean. */
export const colouringSays = computed(() => {
  const column = columnIn(colourBy.value);
  return column === null ? (COLOURINGS[colourBy.value]?.says ?? "") : (columnOf(column)?.says ?? "");
});

let wanted = "";

/** The scale of those values: shares go from 0 to 1, distortions from 0, others between where nearly all of them are. */
export function scaleOf(name: string, values: Float32Array): [number, number] {
  if (name === "recall") return [0, 1];
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return [0, 1];
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const low = name === "distortion" ? 0 : at(TAIL);
  return [low, Math.max(low + LEAST, at(1 - TAIL))];
}

/** Keep the colours of the dots true to the choice and to the run that is shown; it may have no such values, or not yet. */
export function startPoints(): void {
  inAddress("colour", {
    write: () => (colourBy.value === CLASS ? null : colourBy.value),
    read: (text) => {
      colourBy.value = text;
    },
  });
  effect(() => {
    const choice = colourBy.value;
    const column = columnIn(choice);
    const run = shownRun.value;
    const has = column === null ? (run?.points.includes(choice) ?? false) : columnOf(column) !== undefined;
    const version = column === null ? "" : columnOf(column)?.version;
    const key = has ? (column === null ? `${run?.id} ${choice}` : `${choice} ${version}`) : "";
    untracked(() => void show(key, () => (column === null ? ofRun(run?.id ?? 0, choice) : fromData(column))));
  });
}

async function show(key: string, load: () => Promise<PointValues>): Promise<void> {
  if (wanted === key) return;
  wanted = key;
  pointValues.value = null;
  if (key === "") return;
  try {
    const shown = await load();
    if (wanted === key) pointValues.value = shown;
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
    colourBy.value = CLASS;
  }
}

async function ofRun(run: number, id: string): Promise<PointValues> {
  const values = await fetchPoints(run, id);
  const [low, high] = scaleOf(id, values);
  return { name: COLOURINGS[id]?.name ?? id, values, low, high };
}

async function fromData(id: string): Promise<PointValues> {
  const name = columnOf(id)?.title ?? id;
  const found = await loadColumn(id);
  if (found.kind === "number") {
    const [low, high] = scaleOf(id, found.values);
    return { name, values: found.values, low, high };
  }
  const { names } = found;
  const codeOf = (code: number): number => (code < names.length ? code : Number.NaN); // rows that have no text
  if (names.length > MOST_NAMES) {
    throw new Error(`${name} has ${names.length} different texts; the map has colours for ${MOST_NAMES}.`);
  }
  return {
    name,
    values: Float32Array.from(found.codes, codeOf),
    low: 0,
    high: Math.max(1, names.length - 1),
    names,
  };
}
