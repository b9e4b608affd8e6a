import { expect, it } from "vitest";
import { type Known, ordered, read, START, written } from "./choice";

const KNOWN: Known = {
  codes: Uint16Array.from([1, 0, 1, 0, 1, 1]),
  leftOut: null,
  selected: Uint8Array.from([0, 0, 1, 1, 0, 0]),
  sort: null,
  group: null,
};
const rows = (choice: Partial<typeof START>, known: Partial<Known> = {}) => [
  ...ordered({ ...START, ...choice }, { ...KNOWN, ...known }).rows,
];

it("leaves out what is filtered, of another class, or not selected", () => {
  expect(rows({})).toEqual([0, 1, 2, 3, 4, 5]);
  expect(rows({}, { leftOut: Uint8Array.from([0, 1, 0, 0, 1, 0]) })).toEqual([0, 2, 3, 5]);
  expect(rows({ of: 0 })).toEqual([1, 3]);
  expect(rows({ only: true })).toEqual([2, 3]);
  expect(rows({ mode: "first", count: 2, of: 1 })).toEqual([0, 2]);
});

it("sorts, then groups", () => {
  const sort = { kind: "number" as const, values: Float32Array.from([5, 1, Number.NaN, 9, 2, 4]) };
  const group = { kind: "name" as const, codes: KNOWN.codes, names: ["zero", "one"] };
  expect(rows({ sort: "x", down: true }, { sort })).toEqual([3, 0, 5, 4, 1, 2]);
  const found = ordered({ ...START, down: true }, { ...KNOWN, sort, group });
  expect([...found.rows]).toEqual([3, 1, 0, 5, 4, 2]);
  expect(found.groups).toEqual([
    { title: "zero", count: 2 },
    { title: "one", count: 4 },
  ]);
});

it("draws the same random images as the library", () => {
  const codes = Uint16Array.from({ length: 60 }, (_, row) => row % 3);
  const known = { codes, selected: new Uint8Array(60) };
  // snowdome.explore(ds, "gallery", each=3, seed=7), instances less one
  expect(rows({ mode: "each", count: 3, seed: 7 }, known)).toEqual([0, 12, 33, 31, 4, 25, 56, 53, 50]);
});

it("stands in the address and comes back; what does not fit is left", () => {
  const choice = { ...START, sort: "distance", down: true, of: 3, mode: "each" as const, count: 10 };
  expect(read(written(choice) ?? "")).toEqual(choice);
  expect(written(START)).toBeNull();
  expect(read("{")).toEqual(START);
  expect(read("7")).toEqual(START);
  expect(read('{"count": -1, "mode": "none", "sort": 5, "down": "yes", "of": -2}')).toEqual({
    ...START,
    of: 0,
  });
});
