import { expect, test } from "vitest";
import type { KindsRecord, OptionRecord } from "../../net/wire";
import { type Draft, optionsIn, requestOf, requestsOfAll, typedIn, typeInto } from "./draft";

const option = (name: string, rest: Partial<OptionRecord>): OptionRecord => ({
  name,
  kind: "number",
  optional: false,
  default: 1,
  help: "",
  low: 0,
  high: 10,
  choices: [],
  ...rest,
});
const kind = {
  id: "sgd",
  title: "",
  says: "",
  scale: "range",
  of_images: false,
  missing: "",
  options: [option("alpha", {})],
};
const there: KindsRecord = {
  kinds: [kind],
  preparation: [
    option("scale", {
      kind: "text",
      optional: true,
      default: null,
      low: null,
      high: null,
      choices: ["range", "raw"],
    }),
    option("components", { kind: "whole", optional: true, default: null }),
  ],
  rows: [option("rare", { kind: "text", optional: true, default: null, low: null, high: null })],
};
const start: Draft = { kind: "sgd", typed: {}, folds: "0", seeds: "0" };

test("what is as declared is not asked for", () => {
  const now = typeInto(typeInto(start, "options", "alpha", "1"), "preparation", "scale", "range");
  expect(requestOf(now, there, kind, ["a"])).toEqual({
    kind: "sgd",
    options: {},
    preparation: {},
    rows: {},
    folds: 0,
    seeds: 0,
  });
});

test("what is typed is asked for, and what is not allowed keeps the form from it", () => {
  let now = typeInto(typeInto(start, "options", "alpha", "2.5"), "rows", "rare", "b");
  expect(requestOf(now, there, kind, ["a", "b"])).toEqual({
    kind: "sgd",
    options: { alpha: 2.5 },
    preparation: {},
    rows: { rare: "b" },
    folds: 0,
    seeds: 0,
  });
  expect(requestOf(now, there, kind, ["a"])).toBeNull();
  for (const wrong of [{ folds: "1" }, { seeds: "21" }, { seeds: "many" }]) {
    now = { ...start, ...wrong };
    expect(requestOf(now, there, kind, [])).toBeNull();
  }
});

test("all kinds are asked for as declared, on the rows that were chosen, each on its own scale, images last", () => {
  let now = typeInto(typeInto(start, "options", "alpha", "2.5"), "rows", "rare", "b");
  now = { ...typeInto(now, "preparation", "scale", "raw"), seeds: "2" };
  const cnn = { ...kind, id: "cnn", options: [], of_images: true };
  const all = { ...there, kinds: [cnn, { ...kind, id: "tree", missing: "torch" }, kind] };
  const plain = { options: {}, preparation: {}, rows: { rare: "b" }, folds: 0, seeds: 2 };
  expect(requestsOfAll(now, all, ["a", "b"], true)).toEqual([
    { kind: "sgd", ...plain },
    { kind: "cnn", ...plain },
  ]);
  expect(requestsOfAll(now, all, ["a", "b"], false)).toEqual([{ kind: "sgd", ...plain }]);
  expect(requestsOfAll({ ...now, folds: "1" }, all, ["a", "b"], true)).toBeNull();
});

test("each kind keeps its own options; kinds that look at images have no components", () => {
  const now = typeInto(start, "options", "alpha", "3");
  expect(typedIn({ ...now, kind: "svm" }, "options")).toEqual({});
  expect(typedIn(now, "options")).toEqual({ alpha: "3" });
  expect(optionsIn(there, { ...kind, of_images: true }, "preparation", []).map((each) => each.name)).toEqual([
    "scale",
  ]);
});
