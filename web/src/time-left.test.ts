import { expect, it } from "vitest";
import { TimeLeft } from "./time-left";

it("says nothing at first, then what the speed so far promises, stage by stage", () => {
  const left = new TimeLeft();
  expect(left.after("fetching", 10, 110, 1000)).toBeNull();
  expect(left.after("fetching", 20, 110, 2000)).toBeNull();
  expect(left.after("fetching", 30, 110, 3000)).toBeCloseTo(8);
  expect(left.after("fetching", 60, 110, 11_000)).toBeCloseTo(10);
  expect(left.after("fetching", 110, 110, 12_000)).toBeNull();
  expect(left.after("reading", 0, 50, 13_000)).toBeNull();
  expect(left.after("reading", 0, 50, 16_000)).toBeNull();
  expect(left.after("reading", 25, 50, 18_000)).toBeCloseTo(5);
});

it("starts over where it goes back, and knows nothing without a total", () => {
  const left = new TimeLeft();
  left.after("fetching", 50, 100, 0);
  expect(left.after("fetching", 10, 100, 5000)).toBeNull();
  expect(left.after("fetching", 20, 100, 10_000)).toBeCloseTo(40);
  expect(left.after("waiting", 0, 0, 20_000)).toBeNull();
  expect(left.after("waiting", 5, 0, 30_000)).toBeNull();
});
