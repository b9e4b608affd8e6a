import { expect, it } from "vitest";
import { arranged, between, cellOf, indexAt, nearest, placeOf, sizesOf, stepped, touched } from "./grid";

const SIZE = { width: 56, height: 56 };
const plain = arranged(1000, null, SIZE, 664); // 10 columns
const grouped = arranged(
  23,
  [
    { title: "a", count: 12 },
    { title: "b", count: 1 },
    { title: "c", count: 10 },
  ],
  SIZE,
  664,
);

it("finds every image where it put it, and nothing in the gaps", () => {
  for (const grid of [plain, grouped]) {
    expect(grid.columns).toBe(10);
    for (let index = 0; index < grid.total; index++) {
      const { left, top } = placeOf(grid, index);
      expect(indexAt(grid, left, top)).toBe(index);
      expect(indexAt(grid, left + 55, top + 56 + grid.text - 1)).toBe(index);
      expect(indexAt(grid, left + 57, top)).toBeNull();
      expect(top + 56 + grid.text).toBeLessThan(grid.depth);
    }
  }
  expect(indexAt(grouped, 30, placeOf(grouped, 0).top - 10)).toBeNull();
  expect(indexAt(grouped, placeOf(grouped, 5).left, placeOf(grouped, 12).top)).toBeNull();
});

it("breaks the line between groups and counts lines through", () => {
  expect(grouped.sections.map(({ first, line }) => [first, line])).toEqual([
    [0, 0],
    [12, 2],
    [13, 3],
  ]);
  expect(cellOf(grouped, 11)).toEqual({ line: 1, column: 1 });
  expect(cellOf(grouped, 22)).toEqual({ line: 3, column: 9 });
  expect(grouped.lines).toBe(4);
});

it("knows what is to be seen between two heights", () => {
  for (const grid of [plain, grouped]) {
    for (const top of [0, 37, 110, 300]) {
      const { from, to } = between(grid, top, top + 120);
      for (let index = 0; index < grid.total; index++) {
        const place = placeOf(grid, index).top;
        if (place < top + 120 && place + 56 + grid.text > top) {
          expect(index >= from && index < to, `${index} at ${top}`).toBe(true);
        }
      }
      expect(to - from).toBeLessThanOrEqual(40);
    }
  }
  expect(between(arranged(0, null, SIZE, 664), 0, 500)).toEqual({ from: 0, to: 0 });
});

it("takes what a rectangle touches", () => {
  const { left, top } = placeOf(plain, 12);
  expect(touched(plain, { left: left + 5, right: left + 70, top: top + 5, bottom: top + 90 })).toEqual([
    12, 13, 22, 23,
  ]);
  expect(touched(plain, { left: left + 57, right: left + 60, top, bottom: top + 10 })).toEqual([]);
});

it("goes by keys, over the borders of groups too", () => {
  expect(stepped(grouped, 11, "ArrowDown", 400)).toBe(12);
  expect(stepped(grouped, 12, "ArrowDown", 400)).toBe(13);
  expect(stepped(grouped, 22, "ArrowUp", 400)).toBe(12);
  expect(stepped(grouped, 22, "ArrowRight", 400)).toBe(22);
  expect(stepped(grouped, 0, "ArrowUp", 400)).toBe(0);
  expect(stepped(plain, 5, "PageDown", 410)).toBe(55);
  expect(stepped(plain, 995, "PageUp", 10)).toBe(985);
  expect(stepped(plain, 5, "End", 10)).toBe(999);
  expect(stepped(plain, 5, "Home", 10)).toBe(0);
  expect(stepped(plain, 5, "x", 10)).toBeNull();
});

it("shows images in whole multiples of their own size, large ones in parts", () => {
  expect(sizesOf([28, 28])).toEqual([28, 56, 84, 112, 140, 168, 196, 224]);
  expect(sizesOf([64, 32])).toEqual([32, 64, 128, 192]);
  expect(sizesOf([1000, 800])).toEqual([63, 125]);
  expect(sizesOf([9000, 8000])).toEqual([240]);
  expect(nearest([28, 56, 84], 60)).toBe(56);
});
