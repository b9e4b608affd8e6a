// The rows that a person selected, the same in every view of this tab.

import { computed, signal } from "@preact/signals";
import { act, inHistory } from "./history";
import { className, codes, dataset, pinned, rowsNoun } from "./state";

export type How = "replace" | "add" | "remove";

export const NOBODY: Uint32Array = new Uint32Array();

/** Ascending, each row once. Never changed in place. */
export const selected = inHistory(signal<Uint32Array>(NOBODY));

/** 1 for each row that is selected, (n,). */
export const selectedFlags = computed(() => flagsOf(selected.value, dataset.value?.n ?? 0));

export function flagsOf(rows: Uint32Array, n: number): Uint8Array {
  const flags = new Uint8Array(n);
  for (const row of rows) flags[row] = 1;
  return flags;
}

/** The rows of `now` and these, put together in that way. */
export function combined(now: Uint32Array, rows: ArrayLike<number>, how: How): Uint32Array {
  if (how === "remove") {
    const gone = new Set(Array.from(rows));
    return now.filter((row) => !gone.has(row));
  }
  const kept = how === "add" ? now : NOBODY;
  const all = new Uint32Array(kept.length + rows.length);
  all.set(kept);
  all.set(rows, kept.length);
  all.sort();
  return all.filter((row, i) => i === 0 || row !== all[i - 1]);
}

/** Select these rows, in one step of the history. `says` is for whoever would undo it. */
export function select(rows: ArrayLike<number>, how: How = "replace", says = "selection"): void {
  const next = combined(selected.peek(), rows, how);
  if (same(next, selected.peek())) return;
  act(says, () => {
    selected.value = next;
  });
}

/** Select the rows of those classes. */
export function selectClasses(classes: readonly number[], how: How = "replace"): void {
  const names = classes.map((code) => className(dataset.peek()?.classes[code]));
  select(rowsOf(classes, codes.peek()), how, `${rowsNoun.peek()} of ${names.join(" and ")}`);
}

/** The rows of those classes, ascending. */
export function rowsOf(classes: readonly number[], of: ArrayLike<number>): Uint32Array {
  const found = [];
  for (let row = 0; row < of.length; row++) if (classes.includes(of[row] as number)) found.push(row);
  return Uint32Array.from(found);
}

export function selectNobody(): void {
  if (selected.peek().length > 0) select(NOBODY, "replace", "selection cleared");
}

/** How a click or a drag with these keys changes the selection. */
export const howOf = (event: { ctrlKey: boolean; metaKey: boolean; altKey: boolean }): How =>
  event.altKey ? "remove" : event.ctrlKey || event.metaKey ? "add" : "replace";

const same = (a: Uint32Array, b: Uint32Array): boolean =>
  a.length === b.length && a.every((row, i) => row === b[i]);

/** Keep the image of that row in the panel; null: none. */
export function keep(row: number | null): void {
  act(row === null ? "let go of an image" : `kept image ${row}`, () => {
    pinned.value = row;
  });
}
