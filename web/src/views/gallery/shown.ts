// What the gallery of this tab shows: the choice, the rows in their order, and what the status line says of them.

import { computed, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { type ColumnValues, columnOf, columnValues } from "../../columns";
import { leftOut } from "../../filter";
import { count } from "../../format";
import { act, inHistory } from "../../history";
import { selected, selectedFlags } from "../../selection";
import { codes, dataset, rowsNoun } from "../../state";
import { type Choice, type Ordered, ordered, read, START, written } from "./choice";
import { nearest, sizesOf } from "./grid";

export const choice = inHistory(signal<Choice>(START));

/** The longer side of an image in px, as wanted; what is shown is the nearest that fits the images. */
export const wantedSize = signal(56);

/** The row at the top left, for the address. */
export const firstRow = signal<number | null>(null);
/** The row that the keys are at. */
export const cursor = signal<number | null>(null);

const NONE = new Uint8Array();
const VECTOR_SIZES: readonly number[] = [48, 64, 96, 128, 192, 240];
const VECTOR_SHARE = 0.6; // height to width of a row of values drawn as bars

export function choose(part: Partial<Choice>, says: string): void {
  act(says, () => {
    choice.value = { ...choice.value, ...part };
  });
}

const valuesOf = (id: string): ColumnValues | null =>
  id !== "" && columnOf(id) ? columnValues(id).value : null;

export const order = computed<Ordered>(() => {
  const now = choice.value;
  return ordered(now, {
    codes: codes.value,
    leftOut: leftOut.value,
    selected: now.only ? selectedFlags.value : NONE,
    sort: valuesOf(now.sort),
    group: valuesOf(now.group),
  });
});

/** Whether the values that it is sorted and grouped by are here. */
export const ready = computed(() =>
  [choice.value.sort, choice.value.group].every((id) => id === "" || valuesOf(id) !== null),
);

export const sizes = computed<readonly number[]>(() => {
  const shape = dataset.value?.image_shape;
  return shape ? sizesOf(shape) : VECTOR_SIZES;
});

/** The width and the height of an image on the page. */
export const size = computed(() => {
  const longest = nearest(sizes.value, wantedSize.value);
  const shape = dataset.value?.image_shape;
  if (!shape) return { width: longest, height: Math.round(VECTOR_SHARE * longest) };
  const scale = longest / Math.max(...shape);
  return {
    width: Math.max(1, Math.round(shape[1] * scale)),
    height: Math.max(1, Math.round(shape[0] * scale)),
  };
});

/** What stands in the status line. */
export const says = computed(() => {
  const { sort, group, down } = choice.value;
  const parts = [
    `${count(order.value.rows.length)} of ${count(dataset.value?.n ?? 0)} ${rowsNoun.value}`,
    sort === "" ? "" : progress(sort, `sorted by ${columnOf(sort)?.title ?? sort}, ${ends(sort, down)}`),
    group === "" ? "" : progress(group, `grouped by ${columnOf(group)?.title ?? group}`),
    selected.value.length === 0 ? "" : `${count(selected.value.length)} selected`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
});

function progress(id: string, done: string): string {
  const column = columnOf(id);
  if (!column) return "";
  return columnValues(id).value ? done : `finding ${column.title} of all ${rowsNoun.value}`;
}

/** Which end comes first, in words. */
export function ends(id: string, down: boolean): string {
  if (columnOf(id)?.kind === "name") return down ? "last first" : "first first";
  return down ? "greatest first" : "least first";
}

inAddress("gallery", {
  write: () => written(choice.value),
  read: (text) => {
    choice.value = read(text);
  },
});

inAddress("gallery-size", {
  write: () => (wantedSize.value === 56 ? null : String(wantedSize.value)),
  read: (text) => {
    const value = Number(text);
    if (value > 0) wantedSize.value = value;
  },
});

inAddress("gallery-at", {
  write: () => (firstRow.value === null ? null : String(firstRow.value)),
  read: (text) => {
    const row = Number(text);
    if (Number.isSafeInteger(row)) firstRow.value = row;
  },
});
