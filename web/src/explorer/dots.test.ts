import { expect, it } from "vitest";
import type { Point } from "../map/view";
import {
  blended,
  type DotLook,
  faintness,
  fillGround,
  nearestRow,
  type Picture,
  paint,
  rowBeside,
  rowsInside,
  stampOf,
  wordOf,
} from "./dots";

const places = { x: Float32Array.of(10, 20, 30, Number.NaN), y: Float32Array.of(10, 20, 10, 5) };
const every = (): boolean => true;

it("picks the nearest row within the radius, of those that are shown", () => {
  expect(nearestRow(places, 12, 11, 8, every)).toBe(0);
  expect(nearestRow(places, 12, 11, 8, (row) => row !== 0)).toBe(-1);
  expect(nearestRow(places, 100, 100, 8, every)).toBe(-1);
});

it("has dots beside a selection fade where many of them lie on each other, and never stronger than faint", () => {
  expect(faintness(1797, 3, 460)).toBe(0.14);
  expect(faintness(0, 3, 460)).toBe(0.14);
  expect(faintness(70_000, 1.4, 216)).toBeLessThan(0.04);
  expect(faintness(70_000, 1.4, 216) * ((70_000 * Math.PI * 1.4 ** 2) / 216 ** 2)).toBeCloseTo(0.3);
});

it("walks to the row beside", () => {
  expect(rowBeside(places, 0, 1, 0, every)).toBe(2);
  expect(rowBeside(places, 0, 1, 0, (row) => row !== 2)).toBe(1);
  expect(rowBeside(places, 0, -1, 0, every)).toBe(-1);
});

it("finds the rows inside a lasso, also one that is not convex", () => {
  const around: Point[] = [
    [0, 0],
    [40, 0],
    [40, 40],
    [20, 12],
    [0, 40],
  ]; // a notch from below keeps row 1 out
  expect([...rowsInside(places, around, every)]).toEqual([0, 2]);
  expect([...rowsInside(places, around, (row) => row === 2)]).toEqual([2]);
});

it("paints a dot of its colour on the ground, and nothing where a row has no look", () => {
  const picture: Picture = { data: new Uint8ClampedArray(4 * 40 * 40), width: 40, height: 40 };
  const look: DotLook = { core: [200, 0, 0], rim: [100, 0, 0], opacity: 1, stamp: stampOf(4, 1) };
  fillGround(picture, [255, 255, 255]);
  paint(picture, places, Uint32Array.of(0, 1, 2, 3), (row) => (row === 1 ? null : look));
  const at = (x: number, y: number): number[] => [
    ...picture.data.subarray(4 * (40 * y + x), 4 * (40 * y + x) + 4),
  ];
  expect(at(10, 10)).toEqual([200, 0, 0, 255]);
  expect(at(20, 20)).toEqual([255, 255, 255, 255]);
  expect(at(13, 10)[0]).toBeLessThan(160); // the rim
  let inked = 0;
  for (let i = 0; i < picture.data.length; i += 4) inked += (255 - (picture.data[i + 1] as number)) / 255;
  expect(Math.abs(inked - 2 * Math.PI * 16)).toBeLessThan(2);
});

it("blends channel by channel as numbers do, rounded, and never beyond white", () => {
  for (const cover of [0, 1, 77, 128, 200, 255, 256]) {
    for (const [below, above] of [
      [255, 255],
      [0, 255],
      [255, 0],
      [13, 200],
      [254, 3],
    ] as const) {
      const word = blended(wordOf([below, above, below]), wordOf([above, below, above]), cover);
      const wanted = [above, below, above].map((to, i) => {
        const from = [below, above, below][i] as number;
        return from + ((to - from) * cover) / 256;
      });
      const found = [word & 255, (word >>> 8) & 255, (word >>> 16) & 255];
      found.forEach((channel, i) => {
        expect(Math.abs(channel - (wanted[i] as number))).toBeLessThanOrEqual(0.5);
      });
      expect(word >>> 24).toBe(255);
    }
  }
});

it("cuts a dot off at the border", () => {
  const picture: Picture = { data: new Uint8ClampedArray(4 * 12 * 10), width: 12, height: 10 };
  const corner = { x: Float32Array.of(0, 11.9, -3), y: Float32Array.of(0, 9.9, 5) };
  fillGround(picture, [0, 0, 0]);
  const look: DotLook = { core: [255, 255, 255], rim: [255, 255, 255], opacity: 1, stamp: stampOf(3, 0) };
  paint(picture, corner, Uint32Array.of(0, 1, 2), () => look);
  const red = (x: number, y: number): number => picture.data[4 * (12 * y + x)] as number;
  expect([red(0, 0), red(11, 9), red(0, 9), red(11, 0)]).toEqual([255, 255, 0, 0]);
  expect(red(0, 5)).toBeGreaterThan(0); // a dot beside the picture that reaches into it
  expect(red(6, 5)).toBe(0);
});
