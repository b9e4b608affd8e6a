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

  it("has some length where all are the same, or none is there", () => {
    expect(scaleOf("distortion", new Float32Array(5))[1]).toBeGreaterThan(0);
    expect(scaleOf("distortion", new Float32Array())).toEqual([0, 1]);
  });
});
