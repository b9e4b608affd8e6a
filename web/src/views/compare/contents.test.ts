import { expect, test } from "vitest";
import { type Content, isElsewhere, MOST, more, put, read, without, written } from "./contents";

const mixed: readonly Content[] = [3, "cube", 5];

test("a pane takes a run or a view, but never a view that stands in another one", () => {
  expect(put(mixed, 0, "gallery")).toEqual(["gallery", "cube", 5]);
  expect(put(mixed, 2, 3)).toEqual([3, "cube", 3]);
  expect(put(mixed, 1, "cube")).toEqual(mixed);
  expect(put(mixed, 0, "cube")).toEqual(mixed);
  expect(isElsewhere(mixed, 0, "cube")).toBe(true);
  expect(isElsewhere(mixed, 1, "cube")).toBe(false);
  expect(isElsewhere(mixed, 1, 3)).toBe(false);
});

test("one more is the newest run that is not here, or else the newest", () => {
  expect(more(mixed, [3, 4, 5])).toEqual([3, "cube", 5, 4]);
  expect(more(mixed, [3, 5])).toEqual([3, "cube", 5, 5]);
  expect(more(mixed, [])).toEqual(mixed);
});

test("one more view is one that is not here; where all are, none", () => {
  expect(more(mixed, ["image", "cube"])).toEqual([3, "cube", 5, "image"]);
  expect(more(mixed, ["cube"])).toEqual(mixed);
});

test("there are never more panes than there is room for", () => {
  const full = [1, 2, 3, 4, 5, 6];
  expect(full).toHaveLength(MOST);
  expect(more(full, [7])).toEqual(full);
  expect(read("1.2.3.4.5.6.7")).toHaveLength(MOST);
});

test("what is taken away leaves the others in their order", () => {
  expect(without(mixed, 1)).toEqual([3, 5]);
});

test("an address brings back runs, kept maps and views in their order", () => {
  const names = [{ run: 3 }, { view: "cube" }, { kept: "0f3a" }];
  expect(names.map(written).join(".")).toBe("3.vcube.k0f3a");
  expect(read("3.vcube.k0f3a")).toEqual(names);
});

test("an older address of runs and kept maps alone is read as it was", () => {
  expect(read("1.2.kab12")).toEqual([{ run: 1 }, { run: 2 }, { kept: "ab12" }]);
});

test("an address with nonsense, or with a view twice, gives what is left of it", () => {
  expect(read("vcube.vcube.x.1.-2.1.5")).toEqual([{ view: "cube" }, { run: 1 }, { run: 1 }, { run: 5 }]);
  expect(read("")).toEqual([]);
});
