import { expect, test } from "vitest";
import type { Frame } from "../net/frame";
import { SeenFrames } from "./seen";

const frame = (step: number, run = 1, n = 10): Frame =>
  ({ run, step, dim: 2, n, positions: new Float32Array(2 * n) }) as unknown as Frame;

test("all steps are ascending, the first and the newest are there, and the rest are spread evenly", () => {
  const seen = new SeenFrames();
  for (let step = 0; step <= 1000; step++) seen.see(frame(step));
  const steps = seen.frames.map((each) => each.step);
  expect(steps[0]).toBe(0);
  expect(steps.at(-1)).toBe(1000);
  expect(steps.length).toBeGreaterThan(50);
  expect(steps.length).toBeLessThanOrEqual(122);
  const gaps = steps.slice(1, -1).map((step, i) => step - (steps[i] as number));
  expect(Math.max(...gaps)).toBe(Math.min(...gaps));
});

test("frames of a million rows take a bounded memory", () => {
  const seen = new SeenFrames();
  for (let step = 0; step < 60; step++) seen.see(frame(step, 1, 1e6));
  const bytes = seen.frames.reduce((sum, each) => sum + each.positions.byteLength, 0);
  expect(bytes).toBeLessThanOrEqual(64e6);
});

test("another run, or the same one begun again, forgets what was seen; a step seen twice is one", () => {
  const seen = new SeenFrames();
  for (const each of [frame(0), frame(1), frame(2), frame(2)]) seen.see(each);
  expect(seen.frames.map((each) => each.step)).toEqual([0, 1, 2]);
  seen.see(frame(1));
  expect(seen.frames.map((each) => each.step)).toEqual([1]);
  seen.see(frame(7, 2));
  expect(seen.frames.map((each) => each.run)).toEqual([2]);
});
