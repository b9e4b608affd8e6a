import { describe, expect, it } from "vitest";
import { scaleOf } from "./points";

describe("the scale of values", () => {
  it("is whole for a share", () => {
    expect(scaleOf("recall", Float32Array.from([0.4, 0.5]))).toEqual([0, 1]);
  });

  it("leaves out the few that are far off", () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => (i === 7 ? 1000 : i / 100));
    const [low, high] = scaleOf("distortion", values);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(0.9);
    expect(high).toBeLessThan(1.1);
  });

  it("of a column begins where its values do, and leaves out what is no number", () => {
    const values = Float32Array.from({ length: 200 }, (_, i) => (i === 3 ? Number.NaN : 50 + i / 10));
    const [low, high] = scaleOf("distance", values);
    expect(low).toBeGreaterThan(50);
    expect(low).toBeLessThan(51);
    expect(high).toBeGreaterThan(69);
  });

  it("has some length where all are the same, or none is there", () => {
    expect(scaleOf("distortion", new Float32Array(5))[1]).toBeGreaterThan(0);
    expect(scaleOf("distortion", new Float32Array())).toEqual([0, 1]);
  });
});
