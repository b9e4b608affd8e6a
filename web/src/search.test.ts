import { expect, it } from "vitest";
import type { ColumnRecord } from "./net/wire";
import { type Context, type Suggestion, suggestions } from "./search";

const column = (id: string, kind: "name" | "number"): ColumnRecord => ({
  id,
  title: id,
  says: "",
  kind,
  version: 0,
});
const CONTEXT: Context = {
  n: 500,
  classes: ["6", "Sandal", "Sneaker", "Ankle boot", ""],
  columns: [column("label", "name"), column("split", "name"), column("distance", "number")],
  ids: [{ row: 7, id: "a/6.png" }],
  namesOf: (id) => (id === "split" ? ["train", "test"] : ["6", "Sandal", "Sneaker"]),
};
const plain = (suggestion: Suggestion): string => {
  switch (suggestion.kind) {
    case "row":
      return `row ${suggestion.row} ${suggestion.id}`.trim();
    case "filter":
      return `${suggestion.condition.column}${suggestion.condition.operator}${suggestion.condition.value}`;
    case "complete":
      return suggestion.text;
    default:
      return suggestion.says;
  }
};
const found = (text: string, context: Partial<Context> = {}) =>
  suggestions(text, { ...CONTEXT, ...context }).map(plain);

it("takes a number for a label first, then for a row, then for a part of an id", () => {
  expect(found("6")).toEqual(["label=6", "row 6", "row 7 a/6.png"]);
  expect(found("#6", { ids: [] })).toEqual(["row 6"]);
  expect(found("494", { ids: [] })).toEqual(["row 494"]);
  expect(found("500", { ids: [] })).toEqual(["There is no row 500; the last one is #499."]);
});

it("finds labels and columns by what they begin with", () => {
  expect(found("s", { ids: [] })).toEqual(["label=Sandal", "label=Sneaker", "split = "]);
  expect(found("boot", { ids: [] })).toEqual(["label=Ankle boot"]);
  expect(found("", { ids: [] })).toEqual(["label = ", "split = ", "distance > "]);
  expect(found("whatever", { ids: [] })[0]).toContain('Nothing is called "whatever"');
});

it("reads conditions, and offers the names of a column of texts", () => {
  expect(found("dist > 60")).toEqual(["distance>60"]);
  expect(found("split = t")).toEqual(["split=train", "split=test"]);
  expect(found("label=6, Sandal")).toEqual(["label=6, Sandal"]);
  expect(found("label ~ sand")).toEqual(["label~sand"]);
  expect(found("distance > x")).toEqual(['distance is a number; "x" is none.']);
  expect(found("size > 3")[0]).toContain('no column "size"');
});
