import { expect, it } from "vitest";
import { Pace } from "./pace";

/** Let a machine that takes `fixed + each * points` ms per draw settle. */
function settled(n: number, fixed: number, each: number): Pace {
  const pace = new Pace(n);
  for (let i = 0; i < 60; i++) pace.record(fixed + each * pace.pointsWhileMoving, pace.pointsWhileMoving);
  return pace;
}

it("draws all points 25 times a second where that is fast", () => {
  const pace = settled(70_000, 1, 2e-5);
  expect(pace.pointsWhileMoving).toBe(70_000);
  expect(pace.interval).toBe(40);
});

it("draws fewer points where a draw is slow, and takes about a fifth of the time", () => {
  const pace = settled(70_000, 15, 1.2e-3);
  expect(pace.pointsWhileMoving).toBeLessThan(45_000);
  expect(pace.pointsWhileMoving).toBeGreaterThanOrEqual(20_000);
  expect(pace.drawMs / pace.interval).toBeLessThanOrEqual(0.21);
});

it("still shows more than two frames a second on the slowest machine", () => {
  const pace = settled(70_000, 300, 5e-3);
  expect(pace.pointsWhileMoving).toBe(20_000);
  expect(pace.interval).toBeLessThan(500);
});

it("draws a run of a few seconds more often, for there is little to slow", () => {
  const pace = settled(1797, 30, 0);
  expect(pace.interval).toBeCloseTo(150);
  pace.expect(3);
  expect(pace.interval).toBeCloseTo(50);
  pace.expect(30);
  expect(pace.interval).toBeCloseTo(150);
});

it("never draws fewer points than there are for a small set", () => {
  expect(settled(1797, 200, 0).pointsWhileMoving).toBe(1797);
});

it("goes back to all points when the machine has time again", () => {
  const pace = settled(70_000, 15, 1.2e-3);
  for (let i = 0; i < 60; i++) pace.record(5, pace.pointsWhileMoving);
  expect(pace.pointsWhileMoving).toBe(70_000);
});

it("is not slowed by the one draw of all points when things rest", () => {
  const pace = settled(70_000, 15, 1.2e-3);
  const before = pace.interval;
  pace.record(400, 70_000);
  expect(pace.interval).toBe(before);
});

it("finds its way down from a million points within a few draws", () => {
  const pace = new Pace(1_000_000);
  for (let i = 0; i < 3; i++) pace.record(15 + 7e-4 * pace.pointsWhileMoving, pace.pointsWhileMoving);
  expect(pace.pointsWhileMoving).toBeLessThan(80_000);
  expect(pace.pointsWhileMoving).toBeGreaterThanOrEqual(20_000);
});
