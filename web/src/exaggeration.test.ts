import { describe, expect, it } from "vitest";
import { factorAt, factorOf, nearestMark, placeOf } from "./exaggeration";
import type { RunRecord } from "./net/wire";

const run = (fields: Partial<RunRecord>): RunRecord =>
  ({ exaggeration: null, factors: [], phase: 0, ...fields }) as RunRecord;

describe("the exaggeration", () => {
  it("goes from 1 to 100 by equal factors", () => {
    expect(factorAt(0)).toBe(1);
    expect(factorAt(0.5)).toBe(10);
    expect(factorAt(1)).toBe(100);
    for (const factor of [1, 1.5, 4, 12, 30, 100]) expect(factorAt(placeOf(factor))).toBeCloseTo(factor, 6);
  });

  it("is what a person set, else that of the phase", () => {
    const factors = [12, 1];
    expect(factorOf(run({ factors }))).toBe(12);
    expect(factorOf(run({ factors, phase: 1 }))).toBe(1);
    expect(factorOf(run({ factors, phase: 1, exaggeration: 4 }))).toBe(4);
    expect(factorOf(run({}))).toBeNull();
  });

  it("is named after the map that it leads to", () => {
    expect([1, 1.2, 4, 6, 40, 100].map(nearestMark)).toEqual([
      "t-SNE",
      "t-SNE",
      "UMAP-like",
      "UMAP-like",
      "Laplacian eigenmaps",
      "Laplacian eigenmaps",
    ]);
  });
});
