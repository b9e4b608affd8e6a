import { expect, it } from "vitest";
import { greys, paintBars, paintImage, type Words, wordOf } from "./paint";

const picture = (width: number, height: number): Words => ({
  data: new Uint32Array(width * height),
  width,
  height,
});
const GREY = greys(false);
const grey = (word: number | undefined) => (word ?? 0) & 255;

it("makes every pixel a square, cut off at the border", () => {
  const out = picture(5, 6);
  const box = { left: -1, top: 2, width: 4, height: 4 };
  paintImage(out, box, Uint8Array.from([10, 20, 30, 40]), [2, 2], 1, GREY);
  const seen = [...out.data].map(grey);
  expect(seen.slice(0, 10)).toEqual(Array(10).fill(0));
  expect(seen.slice(10)).toEqual([10, 20, 20, 0, 0, 10, 20, 20, 0, 0, 30, 40, 40, 0, 0, 30, 40, 40, 0, 0]);
});

it("begins in the middle of an image that is cut off above", () => {
  const out = picture(2, 2);
  paintImage(out, { left: 0, top: -1, width: 2, height: 4 }, Uint8Array.from([1, 2, 3, 4]), [2, 2], 1, GREY);
  expect([...out.data].map(grey)).toEqual([1, 2, 3, 4]);
});

it("turns ink over, and leaves colours as they are", () => {
  const out = picture(1, 1);
  const box = { left: 0, top: 0, width: 1, height: 1 };
  paintImage(out, box, Uint8Array.from([55]), [1, 1], 1, greys(true));
  expect(out.data[0]).toBe(wordOf(200, 200, 200));
  paintImage(out, box, Uint8Array.from([1, 2, 3]), [1, 1], 3, greys(true));
  expect(out.data[0]).toBe(wordOf(1, 2, 3));
});

it("averages where an image is shown smaller than it is", () => {
  const out = picture(2, 1);
  paintImage(
    out,
    { left: 0, top: 0, width: 2, height: 1 },
    Uint8Array.from([0, 10, 20, 30, 40, 50, 60, 70]),
    [2, 4],
    1,
    GREY,
  );
  expect([...out.data].map(grey)).toEqual([25, 45]);
});

it("draws values as bars", () => {
  const out = picture(2, 4);
  paintBars(out, { left: 0, top: 0, width: 2, height: 4 }, Uint8Array.from([255, 255, 0, 255]), 1, 2);
  expect([...out.data]).toEqual([1, 2, 1, 2, 1, 1, 1, 1]);
});
