import { describe, expect, test } from "vitest";
import { farthest, laidOver, nearestRotation } from "./align";

function cloud(n: number, dim: number): Float32Array {
  return Float32Array.from({ length: n * dim }, (_, i) => Math.sin(i * i * 0.7 + i) * (1 + (i % dim)));
}

describe.each([2, 3] as const)("in %i dimensions", (dim) => {
  const still = cloud(200, dim);
  const angle = 0.8;
  const turned = (mirror: number): Float32Array =>
    Float32Array.from(still, (_, at) => {
      const row = Math.floor(at / dim) * dim;
      const x = still[row] as number;
      const y = still[row + 1] as number;
      const axis = at % dim;
      const value =
        axis === 0
          ? Math.cos(angle) * x - Math.sin(angle) * y
          : axis === 1
            ? mirror * (Math.sin(angle) * x + Math.cos(angle) * y)
            : (still[at] as number);
      return 2.5 * value + 7 * (axis + 1);
    });

  test.each([1, -1])("a map that was moved, turned, mirrored (%i) and scaled lies where it was", (mirror) => {
    const { positions, residual } = laidOver(still, turned(mirror), dim);
    const worst = Math.max(...positions.map((value, i) => Math.abs(value - (still[i] as number))));
    expect(worst).toBeLessThan(1e-4);
    expect(residual).toBeLessThan(1e-3);
  });

  test("no other turn would leave less", () => {
    const moved = turned(1).map((value, i) => value + Math.cos(3 * i));
    const best = laidOver(still, moved, dim).residual;
    for (let step = 1; step < 12; step++) {
      const tilt = (step * Math.PI) / 6;
      const all = laidOver(still, moved, dim).positions;
      const other = all.map((value, at) => {
        const row = Math.floor(at / dim) * dim;
        const x = all[row] as number;
        const y = all[row + 1] as number;
        return at % dim === 0
          ? Math.cos(tilt) * x - Math.sin(tilt) * y
          : at % dim === 1
            ? Math.sin(tilt) * x + Math.cos(tilt) * y
            : value;
      });
      expect(spread(still, other)).toBeGreaterThan(best);
    }
  });

  test("a map of one point, or of all points in one place, is no fault", () => {
    expect(laidOver(new Float32Array(dim), new Float32Array(dim).fill(3), dim).residual).toBe(0);
    expect([...laidOver(still, new Float32Array(still.length), dim).positions].every(Number.isFinite)).toBe(
      true,
    );
  });
});

function spread(still: Float32Array, other: Float32Array): number {
  const sum = (values: Float32Array): number => values.reduce((total, value) => total + value * value, 0);
  return Math.sqrt(sum(still.map((value, i) => value - (other[i] as number))) / sum(still));
}

test("the nearest rotation of a rotation is itself", () => {
  const turn = [0.6, -0.8, 0.8, 0.6];
  nearestRotation(turn, 2).forEach((value, i) => {
    expect(value).toBeCloseTo(turn[i] as number, 7);
  });
});

test("the farthest come first, ties by row, among those that are asked for", () => {
  const one = new Float32Array(8);
  const other = Float32Array.of(1, 0, 3, 0, 0, 3, 2, 0);
  expect(farthest(one, other, 2, 3, null)).toEqual([1, 2, 3]);
  expect(farthest(one, other, 2, 9, Uint32Array.of(0, 3))).toEqual([3, 0]);
});
