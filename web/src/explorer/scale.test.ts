import { expect, it } from "vitest";
import { bandSpread, fittedAxis, olahSpread, pixelAt, placeOf, roundTicks, short, spreadAxis } from "./scale";

it("counts pixels from the bottom left, as the essay does", () => {
  const shape = [28, 28] as const;
  expect(placeOf(12 * 28 + 18, shape)).toEqual([18, 15]);
  expect(pixelAt(18.4, 15.9, shape)).toBe(12 * 28 + 18);
  expect(pixelAt(-3, 99, shape)).toBe(0);
  for (let pixel = 0; pixel < 784; pixel += 13) expect(pixelAt(...placeOf(pixel, shape), shape)).toBe(pixel);
});

it("moves equal values at either end apart by the essay's rule", () => {
  const spread = olahSpread(7, 12); // selector [7, 13]: 10 + (21 + 65) mod 11 = 19 steps
  expect(spread(0)).toBeCloseTo(0.01);
  expect(spread(18)).toBeCloseTo((0.02 * 18) / 19 + 0.01);
  expect(spread(19)).toBeCloseTo(0.01);
  const { at, ticks } = spreadAxis(Uint8Array.of(0, 255, 51), 3, [0, 255], spread, 0);
  expect(at[0]).toBeCloseTo(0.01);
  expect(at[1]).toBeCloseTo(1 - 0.02 / 19 - 0.01);
  expect(at[2]).toBeCloseTo(0.2);
  expect(ticks.map((tick) => tick.text)).toEqual(["0", "255"]);
});

it("puts equal values of many rows into a band of their own beside the axis", () => {
  const { at } = spreadAxis(Uint8Array.of(0, 1, 254, 255), 4, [0, 255], bandSpread(0, 0.07), 0.07);
  const low = 0.07 / 1.14;
  expect(at[0]).toBeLessThan(low);
  expect(at[0]).toBeGreaterThanOrEqual(0);
  expect(at[1]).toBeGreaterThan(low);
  expect(at[2]).toBeLessThan(1 - low);
  expect(at[3]).toBeGreaterThan(1 - low);
  expect(at[3]).toBeLessThanOrEqual(1);
});

it("fits an axis to its values and marks round numbers", () => {
  const axis = fittedAxis(Float32Array.of(-10, 30, Number.NaN), 3);
  expect(axis.at[0]).toBeCloseTo(0.03 / 1.06);
  expect(axis.at[1]).toBeCloseTo(1.03 / 1.06);
  expect(axis.at[2]).toBeNaN();
  expect(axis.ticks.map((tick) => tick.text)).toEqual(["−10", "0", "10", "20", "30"]);
  expect(fittedAxis(Float32Array.of(5, 5), 2).at[0]).toBeCloseTo(0.5);
  expect(roundTicks(-1100, 2380)).toEqual([-1000, 0, 1000, 2000]);
  expect([short(1234.5), short(0.00001), short(-2)]).toEqual(["1,235", "1.0e−5", "−2"]);
});
