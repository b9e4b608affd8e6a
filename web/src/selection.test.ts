import { expect, test } from "vitest";
import { canUndo, forget, undo } from "./history";
import {
  combined,
  flagsOf,
  howOf,
  NOBODY,
  rowsOf,
  select,
  selectClasses,
  selected,
  selectNobody,
} from "./selection";
import { codes } from "./state";

const rows = (...values: number[]): Uint32Array => Uint32Array.from(values);

test("rows are put together in their order, each once", () => {
  expect(combined(rows(5, 9), [9, 2, 2], "add")).toEqual(rows(2, 5, 9));
  expect(combined(rows(5, 9), [9, 2], "remove")).toEqual(rows(5));
  expect(combined(rows(5, 9), [7, 3, 7], "replace")).toEqual(rows(3, 7));
  expect(flagsOf(rows(0, 3), 4)).toEqual(Uint8Array.from([1, 0, 0, 1]));
});

test("a selection is one step that can be undone; the same one again is none", () => {
  forget();
  select([4, 1]);
  select([1, 4]);
  expect(selected.value).toEqual(rows(1, 4));
  selectNobody();
  expect(selected.value).toEqual(NOBODY);
  undo();
  expect(selected.value).toEqual(rows(1, 4));
  undo();
  expect(canUndo.value).toBeNull();
});

test("keys say how: Alt removes, Ctrl and ⌘ add", () => {
  const keys = { ctrlKey: false, metaKey: false, altKey: false };
  expect(howOf(keys)).toBe("replace");
  expect(howOf({ ...keys, ctrlKey: true })).toBe("add");
  expect(howOf({ ...keys, metaKey: true })).toBe("add");
  expect(howOf({ ...keys, altKey: true })).toBe("remove");
});

test("the rows of classes are found in their order, and selected as keys say", () => {
  codes.value = Uint16Array.from([0, 1, 2, 1, 0]);
  expect(rowsOf([0, 2], codes.value)).toEqual(rows(0, 2, 4));
  selectClasses([1]);
  expect(selected.value).toEqual(rows(1, 3));
  selectClasses([2], "add");
  expect(selected.value).toEqual(rows(1, 2, 3));
  selectClasses([1], "remove");
  expect(selected.value).toEqual(rows(2));
});
