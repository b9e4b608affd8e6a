import { expect, it } from "vitest";
import { alongMain, joined, nearestOnMap, purities, recall, slant, spearman } from "./measures";

const line = Float32Array.of(0, 0, 1, 0, 2, 0, 10, 0, 11, 0);

it("finds the nearest on a map, the earlier of equally near ones first", () => {
  expect([...nearestOnMap(line, 2, 2)]).toEqual([1, 2, 0, 2, 1, 0, 4, 2, 3, 2]);
  expect([...nearestOnMap(Float32Array.of(0, 0, 0, 1, 1, 1), 3, 4)]).toEqual([1, 0]);
  expect(nearestOnMap(Float32Array.of(0, 0), 2, 10).length).toBe(0);
});

it("takes the share of neighbours of the own class, for each class and for all", () => {
  const near = nearestOnMap(line, 2, 2);
  const found = purities(near, Uint16Array.of(0, 0, 1, 1, 1), 5, 2);
  expect(found[0]).toBeCloseTo(0.5);
  expect(found[1]).toBeCloseTo((0 + 1 + 1) / 3);
  expect(found[2]).toBeCloseTo((0.5 + 0.5 + 0 + 1 + 1) / 5);
});

it("counts neighbours that are kept, and edges that join a class", () => {
  expect(recall(Uint16Array.of(1, 2, 0, 2), Uint16Array.of(2, 3, 3, 2), 2)).toBe(0.5);
  expect(joined(Uint16Array.of(1, 2, 0, 2, 0, 1), 2, 1, Uint16Array.of(0, 0, 1))).toBeCloseTo(2 / 3);
});

it("lays rows along the direction of their widest spread", () => {
  const diagonal = Float32Array.of(0, 0, 1, 1.1, 2, 1.9, 3, 3);
  const at = alongMain(diagonal, [0, 1, 2, 3]);
  expect(Math.abs(spearman(at, [0, 1, 2, 3]))).toBeCloseTo(1);
});

it("measures how far ink leans to the right upwards", () => {
  const shape = [3, 3] as const;
  expect(slant([0, 0, 1, 0, 1, 0, 1, 0, 0], shape)).toBeCloseTo(1);
  expect(slant([0, 1, 0, 0, 1, 0, 0, 1, 0], shape)).toBeCloseTo(0);
  expect(slant([0, 0, 0, 1, 1, 1, 0, 0, 0], shape)).toBe(0);
});

it("correlates ranks, with equal values at their mean rank", () => {
  expect(spearman([1, 2, 3], [10, 20, 15])).toBeCloseTo(0.5);
  expect(spearman([1, 1, 2, 2], [5, 5, 7, 7])).toBeCloseTo(1);
  expect(spearman([1, 1], [2, 3])).toBeNaN();
});
