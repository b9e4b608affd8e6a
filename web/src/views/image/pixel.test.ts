import { expect, it } from "vitest";
import { csv, indexOf, nested, partAround, placeOf, sizesFor } from "./pixel";

const MNIST = { height: 28, width: 28, channels: 1 };

it("knows a pixel in every convention", () => {
  // snowdome.data.coordinates.convert((14, 14), "array", …)
  const index = indexOf(14, 14, 0, MNIST);
  expect(index).toBe(406);
  expect(placeOf(index, MNIST)).toEqual({
    row: 14,
    column: 14,
    channel: 0,
    robinson: [14, 14],
    olah: [14, 13],
    openml: 407,
  });
  const colour = { height: 2, width: 3, channels: 3 };
  for (let i = 0; i < 18; i++) {
    const { row, column, channel } = placeOf(i, colour);
    expect(indexOf(row, column, channel, colour)).toBe(i);
  }
});

it("shows the whole matrix of a small image, and a part about a place of a large one", () => {
  expect(partAround(3, 3, MNIST)).toEqual({ top: 0, left: 0, height: 28, width: 28 });
  const large = { height: 100, width: 64, channels: 1 };
  expect(partAround(50, 2, large)).toEqual({ top: 34, left: 0, height: 32, width: 32 });
  expect(partAround(99, 63, large)).toEqual({ top: 68, left: 32, height: 32, width: 32 });
});

it("fits the window, also the smallest one", () => {
  const whole = partAround(0, 0, MNIST);
  const usual = sizesFor(MNIST, whole, { width: 888, height: 732 });
  expect(usual).toEqual({ cell: 21, pixel: 9, value: 1 });
  const least = sizesFor(MNIST, whole, { width: 632, height: 572 });
  expect(least.cell).toBe(15);
  expect(28 * (least.cell + least.pixel) + 40).toBeLessThanOrEqual(632);
  const pane = sizesFor(MNIST, whole, { width: 444, height: 222 });
  expect(pane).toEqual({ cell: 15, pixel: 6, value: 420 / 784 });
  const large = { height: 1000, width: 1000, channels: 3 };
  expect(sizesFor(large, partAround(0, 0, large), { width: 888, height: 732 }).pixel).toBeLessThan(1);
});

it("writes the matrix as it would be printed, and the row of the wide table", () => {
  expect(nested([0, 12, 255, 3], { height: 2, width: 2, channels: 1 })).toBe("[[ 0, 12],\n [255,   3]]");
  expect(nested([1, 2, 3], { height: 1, width: 1, channels: 3 })).toBe("[[[1, 2, 3]]]");
  expect(csv('a, "b"', [0, 255])).toBe('label,pixel1,pixel2\n"a, ""b""",0,255\n');
});
