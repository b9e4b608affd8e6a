import { beforeEach, expect, test, vi } from "vitest";

vi.stubGlobal("window", { matchMedia: () => ({ matches: false, addEventListener() {} }) });
const { follow, hover, meantBy } = await import("./marks");
const { selected } = await import("../../selection");
const { codes, hovered, pinned } = await import("../../state");

beforeEach(() => {
  codes.value = Uint16Array.from([0, 1, 2, 1, 0]);
  selected.value = new Uint32Array();
  pinned.value = null;
});

test("a mark stands for a row, for classes, or for neither", () => {
  expect(meantBy({ instance: 5, name: "x" })).toEqual({ row: 4 });
  expect(meantBy({ codes: [3, 7] })).toEqual({ codes: [3, 7] });
  for (const datum of [
    null,
    undefined,
    3,
    {},
    { instance: 0 },
    { instance: "5" },
    { codes: [] },
    { codes: ["a"] },
  ]) {
    expect(meantBy(datum)).toBeNull();
  }
});

test("a row is kept, or joins the selection; the rows of a class are selected", () => {
  follow({ row: 3 }, "replace");
  expect(pinned.value).toBe(3);
  expect([...selected.value]).toEqual([]);
  follow({ codes: [1] }, "replace");
  expect([...selected.value]).toEqual([1, 3]);
  follow({ row: 4 }, "add");
  expect([...selected.value]).toEqual([1, 3, 4]);
  follow({ codes: [1] }, "remove");
  expect([...selected.value]).toEqual([4]);
});

test("other views show the row that the pointer is over", () => {
  hover({ row: 2 });
  expect(hovered.value).toBe(2);
  hover({ codes: [1] });
  expect(hovered.value).toBeNull();
});
