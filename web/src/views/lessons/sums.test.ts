import { describe, expect, it } from "vitest";
import { curve, logit, products, same, scales, sigmoid } from "./sums";

const FRAME = { width: 220, height: 120, left: 10, right: 10, top: 10, bottom: 10 };

describe("the sums of the lessons", () => {
  it("have D5's sigmoid, at any number", () => {
    expect(sigmoid(0)).toBe(0.5);
    expect([sigmoid(1000), sigmoid(-1000)]).toEqual([1, 0]);
    expect(sigmoid(-3)).toBeCloseTo(1 - sigmoid(3), 15);
    expect(logit(sigmoid(1.7))).toBeCloseTo(1.7, 12);
  });

  it("have D15's count of products", () => {
    expect([products(30), products(100)]).toEqual([495, 5150]);
  });

  it("draw the curve from corner to corner", () => {
    const { x, y } = scales(FRAME, 10);
    expect([x(-10), x(10), y(0), y(1)]).toEqual([10, 210, 110, 10]);
    expect(curve(FRAME, 10, 2)).toBe("M10.0 110.0L110.0 60.0L210.0 10.0");
  });

  it("know a model by all its options", () => {
    expect(same({ C: 1, scale: null }, { scale: null, C: 1 })).toBe(true);
    expect(same({ C: 1 }, { C: 1, tol: 1 })).toBe(false);
    expect(same({ C: 1 }, { C: 2 })).toBe(false);
  });
});
