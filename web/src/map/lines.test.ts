import { expect, it } from "vitest";
import { fillGround, type Picture } from "../explorer/dots";
import { inside, paintLines } from "./lines";

const picture = (): Picture => {
  const made = { data: new Uint8ClampedArray(4 * 20 * 10), width: 20, height: 10 };
  fillGround(made, [255, 255, 255]);
  return made;
};
const red = ({ data, width }: Picture, x: number, y: number): number => data[4 * (width * y + x)] as number;
const line = { colour: [0, 0, 0], strength: 1 } as const;

it("paints a line from end to end, as strongly as it is to be", () => {
  const made = picture();
  const places = { x: Float32Array.of(2.5, 12.5), y: Float32Array.of(3.5, 3.5) };
  expect(paintLines(made, places, Uint32Array.of(0, 1), () => line, 1e6)).toBe(10);
  expect([1, 2, 7, 11, 13].map((x) => red(made, x, 3))).toEqual([255, 0, 0, 0, 255]);
  expect(red(made, 7, 4)).toBe(255);
  const faint = picture();
  paintLines(faint, places, Uint32Array.of(0, 1), () => ({ ...line, strength: 0.5 }), 1e6);
  expect(Math.abs(red(faint, 7, 3) - 127.5)).toBeLessThan(1.5);
});

it("cuts a line off at the picture, and leaves out what has no look, no place, or comes too late", () => {
  const made = picture();
  const places = { x: Float32Array.of(-50, 70, 5, Number.NaN), y: Float32Array.of(5, 5, -40, 3) };
  const painted = paintLines(made, places, Uint32Array.of(0, 1), () => line, 1e6);
  expect(painted).toBe(20);
  expect(red(made, 0, 5) + red(made, 18, 5)).toBe(0);
  expect(paintLines(made, places, Uint32Array.of(2, 3), () => line, 1e6)).toBe(0);
  expect(paintLines(made, places, Uint32Array.of(0, 1), () => null, 1e6)).toBe(0);
  expect(paintLines(made, places, Uint32Array.of(0, 1, 0, 1), () => line, 5)).toBe(20);
});

it("finds the part inside by every side", () => {
  expect(inside([1, 1], [3, 4], 20, 10)).toEqual([1, 1, 3, 4]);
  expect(inside([-5, -5], [-1, 20], 20, 10)).toBeNull();
  expect(inside([30, 5], [40, 5], 20, 10)).toBeNull();
  const cut = inside([-10, 0], [10, 20], 20, 10) as readonly number[];
  expect(cut).toBeNull();
  const down = inside([5, -10], [5, 30], 20, 10) as readonly number[];
  expect(down.slice(0, 2)).toEqual([5, 0]);
  expect(down[3]).toBeCloseTo(10, 2);
});
