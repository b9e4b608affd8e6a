import { expect, it } from "vitest";
import type { Components } from "../../explorer/api";
import { classMeans, meanSquaredError, rebuilt, scoresOf } from "./rebuild";

const space: Components = {
  n: 3,
  count: 2,
  total_variance: 1,
  shares: [0.7, 0.3],
  low: [0, 0],
  high: [1, 1],
  mean: Float32Array.of(1, 1, 1),
  weights: [Float32Array.of(0.6, 0.8, 0), Float32Array.of(0, 0, 1)],
};

it("puts a row together from its components, and tells what is missing", () => {
  const row = Float32Array.of(1 + 3, 1 + 4, 3);
  const scores = scoresOf(row, space);
  expect([...scores].map((score) => Math.round(1e5 * score) / 1e5)).toEqual([5, 2]);
  expect([...rebuilt(scores, space, 0)]).toEqual([1, 1, 1]);
  expect(meanSquaredError(row, rebuilt(scores, space, 1))).toBeCloseTo(4 / 3, 5);
  expect(meanSquaredError(row, rebuilt(scores, space, 2))).toBeCloseTo(0, 9);
});

it("takes the mean of each class over its own rows", () => {
  const means = classMeans(Float32Array.of(1, 3, 10), Uint16Array.of(0, 0, 2), 2);
  expect(means[0]).toBe(2);
  expect(means[1]).toBeNaN();
});
