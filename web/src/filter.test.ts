import { beforeEach, expect, it } from "vitest";
import { columns, type Numbers } from "./columns";
import {
  addFilter,
  conditionText,
  failing,
  filteredOut,
  filters,
  leftOut,
  lookedAt,
  parse,
  read,
  removeFilter,
  split,
  written,
} from "./filter";
import { undo } from "./history";
import type { ColumnRecord, DatasetRecord } from "./net/wire";
import { next } from "./show";
import { codes, dataset, hidden } from "./state";

const column = (id: string, kind: "name" | "number"): ColumnRecord => ({
  id,
  title: id,
  says: "",
  kind,
  version: 0,
});
const KNOWN = [column("label", "name"), column("distance", "number"), column("row", "number")];
const numbers = (...values: number[]): Numbers => ({ kind: "number", values: Float32Array.from(values) });

beforeEach(() => {
  columns.value = KNOWN;
  dataset.value = { n: 5, classes: ["6", "0"] } as unknown as DatasetRecord;
  codes.value = Uint16Array.from([0, 1, 1, 2, 0]);
  hidden.value = new Set();
  filters.value = [];
});

it("reads conditions as people type them", () => {
  expect(parse(" Dist>= 60 ", KNOWN)).toEqual({ column: "distance", operator: ">=", value: "60" });
  expect(parse("distance ≤ 1e2", KNOWN)).toMatchObject({ operator: "<=" });
  expect(parse("label=6, 0", KNOWN)).toMatchObject({ column: "label", value: "6, 0" });
  expect(parse("size>3", KNOWN)).toContain('no column "size"');
  expect(parse("distance>far", KNOWN)).toContain('"far" is none');
  expect(parse("distance=50..", KNOWN)).toContain("number");
  expect(parse("label>6", KNOWN)).toContain("text");
  expect(parse("label=", KNOWN)).toContain("compared");
  expect(split("494")).toBeNull();
});

it("leaves out what fails, and what has no value", () => {
  const values = numbers(40, 50, 55, 60, Number.NaN);
  const left = (text: string) => [...failing(split(text) ?? fail(), values)];
  expect(left("distance>50")).toEqual([1, 1, 0, 0, 1]);
  expect(left("distance=50..60")).toEqual([1, 0, 0, 0, 1]);
  expect(left("distance!=50")).toEqual([0, 1, 0, 0, 0]);
  expect([...failing(split("x=0.1") ?? fail(), numbers(0.1))]).toEqual([0]);
});

it("compares names as a whole, several of them, or a part", () => {
  const values = {
    kind: "name" as const,
    codes: Uint16Array.from([0, 1, 2]),
    names: ["Cat", "cat, big", "dog"],
  };
  const left = (text: string) => [...failing(split(text) ?? fail(), values)];
  expect(left("label=cat")).toEqual([0, 1, 1]);
  expect(left("label=cat,dog")).toEqual([0, 1, 0]);
  expect(left("label=cat, big")).toEqual([0, 0, 1]);
  expect(left("label!=dog")).toEqual([0, 0, 1]);
  expect(left("label~CAT")).toEqual([0, 0, 1]);
});

it("puts filters and the legend together, counts, and undoes them", () => {
  expect(filteredOut.value).toBeNull();
  addFilter({ column: "label", operator: "!=", value: "no label" });
  expect([...(filteredOut.value ?? [])]).toEqual([0, 0, 0, 1, 0]);
  hidden.value = new Set([0]);
  expect([...(leftOut.value ?? [])]).toEqual([1, 0, 0, 1, 1]);
  expect(lookedAt.value).toBe(2);
  hidden.value = new Set();
  const [first] = filters.value;
  addFilter({ column: "label", operator: "!=", value: "no label" }); // the same once more is none
  expect(filters.value).toEqual([first]);
  removeFilter(first ?? fail());
  expect(lookedAt.value).toBe(5);
  undo();
  expect(filters.value).toEqual([first]);
  undo();
  expect(filters.value).toEqual([]);
});

it("stands in the address and comes back; an address changed by hand does no harm", () => {
  const text = JSON.stringify(["label=6,0", "distance>60"]);
  expect(read(text).map(written)).toEqual(["label=6,0", "distance>60"]);
  expect(read("[1")).toEqual([]);
  expect(read('{"a":1}')).toEqual([]);
  expect(read('["nonsense", "a<b"]')).toEqual([{ column: "a", operator: "<", value: "b" }]);
  expect(conditionText({ column: "distance", operator: "=", value: "50..60" })).toBe("distance = 50 to 60");
});

it("goes to the next of the selection, else of the class, past what is left out", () => {
  const classes = Uint16Array.from([0, 1, 0, 0, 1]);
  const none = new Uint32Array();
  const some = Uint32Array.from([1, 3]);
  expect(next(1, 1, some, classes, null)).toBe(3);
  expect(next(3, 1, some, classes, null)).toBe(1);
  expect(next(0, -1, some, classes, null)).toBe(3);
  expect(next(null, 1, some, classes, null)).toBe(1);
  expect(next(null, 1, none, classes, Uint8Array.from([1, 0, 0, 0, 0]))).toBe(1);
  expect(next(null, 1, none, classes, Uint8Array.from([1, 1, 1, 1, 1]))).toBeNull();
  expect(next(0, 1, none, classes, null)).toBe(2);
  expect(next(0, 1, none, classes, Uint8Array.from([0, 0, 1, 0, 0]))).toBe(3);
  expect(next(0, -1, none, classes, null)).toBe(3);
});

function fail(): never {
  throw new Error("the test is wrong");
}
