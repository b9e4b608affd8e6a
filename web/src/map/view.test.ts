import { describe, expect, it } from "vitest";
import {
  about,
  between,
  composed,
  eyeOf,
  fitView,
  HOME,
  nearness,
  type Place,
  panned,
  project,
  projectRow,
  rotated,
  sameView,
  UPRIGHT,
  type View,
  zoomedAt,
} from "./view";

const VIEW: View = { dim: 2, x: 1, y: 2, z: 0, zoom: 10, width: 400, height: 300, orientation: UPRIGHT };
const SPACE: View = { ...VIEW, dim: 3, z: -3, orientation: HOME };
const NO_INSET = { left: 0, top: 0, right: 0, bottom: 0 };

/** The pixel of a place that is known to be seen. */
function pixel(view: View, ...place: number[]): readonly [number, number] {
  const found = project(view, place);
  if (!found) throw new Error("behind the eye");
  return found;
}

describe("project", () => {
  it("puts a flat view's centre in the middle, x to the right and y upwards", () => {
    expect(pixel(VIEW, 1, 2)).toEqual([200, 150]);
    expect(pixel(VIEW, 2, 3)).toEqual([210, 140]);
  });

  it("knows no place for a row that there is not", () => {
    expect(projectRow(VIEW, Float32Array.of(1, 2), 0)).toEqual([200, 150]);
    expect(projectRow(VIEW, Float32Array.of(1, 2), 1)).toBeNull();
    expect(projectRow(SPACE, Float32Array.of(1, 2, -3, 1, 2), 0)).toEqual([200, 150]);
    expect(projectRow(SPACE, Float32Array.of(1, 2, -3, 1, 2), 1)).toBeNull();
  });

  it("shows what is nearer larger, and nothing that is behind the eye", () => {
    const front: View = { ...SPACE, x: 0, y: 0, z: 0, orientation: UPRIGHT };
    const away = (z: number): number => pixel(front, 1, 0, z)[0] - 200;
    expect(away(0)).toBeCloseTo(10);
    expect(away(5)).toBeGreaterThan(11);
    expect(away(-5)).toBeLessThan(9);
    expect(project(front, [1, 0, 1000])).toBeNull();
  });
});

describe("a 3-D view", () => {
  it("has three axes of length one that stand upright on each other, right-handed", () => {
    const { right, up, toward } = eyeOf({ ...SPACE, orientation: composed(about([1, 2, 3], 4), HOME) });
    const dot = (a: Place, b: Place): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    for (const axis of [right, up, toward]) expect(dot(axis, axis)).toBeCloseTo(1);
    for (const [a, b] of [
      [right, up],
      [up, toward],
      [toward, right],
    ] as const)
      expect(dot(a, b)).toBeCloseTo(0);
    const cross = right[1] * up[2] - right[2] * up[1];
    expect(cross).toBeCloseTo(toward[0]);
  });

  it("is turned by a drag as a ball is: what is in front follows the hand", () => {
    for (const [dx, dy] of [
      [20, 0],
      [0, 20],
      [-15, 12],
    ] as const) {
      const turned = rotated(SPACE, dx, dy);
      // the place of the cloud that was nearest to the eye, straight in front of the centre
      const { toward } = eyeOf(SPACE);
      const front = [SPACE.x + toward[0], SPACE.y + toward[1], SPACE.z + toward[2]];
      const [x, y] = pixel(turned, ...front);
      expect(Math.sign(Math.round(x - 200))).toBe(Math.sign(dx));
      expect(Math.sign(Math.round(y - 150))).toBe(Math.sign(dy));
      expect(pixel(turned, SPACE.x, SPACE.y, SPACE.z)).toEqual([200, 150]);
    }
    expect(rotated(VIEW, 20, 20)).toBe(VIEW);
  });

  it("comes back after a drag there and back", () => {
    expect(sameView(rotated(rotated(SPACE, 33, 0), -33, 0), SPACE)).toBe(true);
    expect(sameView(rotated(SPACE, 33, 0), SPACE)).toBe(false);
  });

  it("is seen at first so that no axis points straight at the eye", () => {
    for (let axis = 0; axis < 3; axis++) {
      const place = [0, 0, 0].map((_, i) => [SPACE.x, SPACE.y, SPACE.z][i] as number);
      place[axis] = (place[axis] as number) + 5;
      expect(
        Math.hypot(...pixel(SPACE, ...place).map((v, i) => v - ([200, 150][i] as number))),
      ).toBeGreaterThan(15);
    }
  });
});

describe("panned and zoomedAt", () => {
  it("move what is at the centre's depth by just those pixels, and keep what is under the pointer there", () => {
    for (const view of [VIEW, SPACE]) {
      const centre = [view.x, view.y, view.z];
      const [x, y] = pixel(panned(view, 31, -12), ...centre);
      expect(x).toBeCloseTo(231);
      expect(y).toBeCloseTo(138);
      const under = panned(view, -70, 40); // its centre is what lies at the pixel (270, 110)
      const zoomed = zoomedAt(view, 3, 270, 110);
      expect(zoomed.zoom).toBeCloseTo(30);
      const [u, v] = pixel(zoomed, under.x, under.y, under.z);
      expect(u).toBeCloseTo(270);
      expect(v).toBeCloseTo(110);
    }
  });
});

describe("fitView", () => {
  const size = [400, 300] as const;
  const inset = { left: 20, right: 20, top: 10, bottom: 50 };

  it("brings all corners of a flat map inside the insets", () => {
    const view = fitView(2, { lo: [-3, -1], hi: [5, 7], radius: 0 }, size, inset, HOME);
    const [left, bottom] = pixel(view, -3, -1);
    const [right, top] = pixel(view, 5, 7);
    expect(left).toBeGreaterThanOrEqual(20);
    expect(right).toBeLessThanOrEqual(380);
    expect(top).toBeCloseTo(10);
    expect(bottom).toBeCloseTo(250);
    expect(view.orientation).toBe(UPRIGHT);
  });

  it("brings a ball inside the stage, whichever way it is turned, and no smaller than it need be", () => {
    const view = fitView(3, { lo: [-1, 0, 1], hi: [5, 6, 7], radius: 3 }, size, NO_INSET, HOME);
    let most = 0;
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [i * 2.399963, 1 - (2 * i + 1) / 20_000];
      const flat = Math.sqrt(1 - b * b);
      const [, y] = pixel(view, 2 + 3 * flat * Math.cos(a), 3 + 3 * flat * Math.sin(a), 4 + 3 * b);
      most = Math.max(most, Math.abs(y - 150));
    }
    expect(most).toBeLessThanOrEqual(150.01);
    expect(most).toBeGreaterThan(148);
    expect(nearness(view, [2, 3, 4])).toBeCloseTo(0);
  });

  it("survives one row, and all rows in one place", () => {
    expect(fitView(2, { lo: [2, 2], hi: [2, 2], radius: 0 }, size, inset, HOME).zoom).toBe(1);
    expect(fitView(2, { lo: [], hi: [], radius: 0 }, size, inset, HOME).zoom).toBe(1);
    expect(fitView(3, { lo: [2, 2, 2], hi: [2, 2, 2], radius: 0 }, size, inset, HOME).zoom).toBe(1);
  });
});

describe("between", () => {
  const to: View = { ...VIEW, x: 5, y: -3, zoom: 80 };

  it("starts here and ends there", () => {
    expect(sameView(between(VIEW, to, 0), { ...VIEW })).toBe(true);
    expect(between(VIEW, to, 1)).toBe(to);
  });

  it("zooms evenly in the logarithm, and keeps the point that both views share in its place", () => {
    const half = between(VIEW, to, 0.5);
    expect(half.zoom).toBeCloseTo(Math.sqrt(10 * 80));
    // the map point that has the same pixel in both views
    const fixed = (a: number, b: number): number => (a * VIEW.zoom - b * to.zoom) / (VIEW.zoom - to.zoom);
    const [x, y] = [fixed(VIEW.x, to.x), fixed(VIEW.y, to.y)];
    expect(pixel(half, x, y)[0]).toBeCloseTo(pixel(VIEW, x, y)[0], 6);
    expect(pixel(half, x, y)[1]).toBeCloseTo(pixel(VIEW, x, y)[1], 6);
  });

  it("pans evenly where the zoom is the same", () => {
    expect(between(VIEW, { ...VIEW, x: 3 }, 0.5).x).toBe(2);
  });

  it("turns evenly, by the shorter way", () => {
    const goal: View = { ...SPACE, orientation: composed(about([0, 1, 0], 1), HOME) };
    const other: View = {
      ...goal,
      orientation: goal.orientation.map((v) => -v) as unknown as View["orientation"],
    };
    for (const end of [goal, other]) {
      const half = between(SPACE, end, 0.5);
      expect(sameView(half, { ...SPACE, orientation: composed(about([0, 1, 0], 0.5), HOME) })).toBe(true);
    }
  });
});
