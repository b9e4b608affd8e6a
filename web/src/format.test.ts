import { describe, expect, it } from "vitest";
import { bytes, cost, count, duration, oneOf, parseSeed, runName, runState, spaceName } from "./format";
import type { RunRecord } from "./net/wire";

it("writes numbers as people read them", () => {
  expect(count(70_000)).toBe("70,000");
  expect(bytes(999)).toBe("1 kB");
  expect(bytes(11_594_722)).toBe("12 MB");
  expect(bytes(2_500_000_000)).toBe("2.5 GB");
  expect(cost(2.81249)).toBe("2.812");
  expect(cost(4.13e9)).toBe("4.13e9");
  expect(cost(Number.NaN)).toBe("–");
  expect(duration(0.2)).toBe("1 s");
  expect(duration(59.2)).toBe("59 s");
  expect(duration(59.9)).toBe("1 min 0 s");
  expect(duration(119.8)).toBe("2 min 0 s");
  expect(duration(3700)).toBe("1 h 1 min");
});

it("joins words", () => {
  expect([oneOf([]), oneOf(["a"]), oneOf(["a", "b"]), oneOf(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a or b",
    "a, b or c",
  ]);
});

it("names the space", () => {
  expect(spaceName({ space: 50 })).toBe("50 components");
  expect(spaceName({ space: null })).toBe("raw pixels");
  expect(spaceName({})).toBe("");
});

describe("parseSeed", () => {
  it("takes whole numbers", () => {
    expect(parseSeed(" 42 ")).toBe(42);
    expect(parseSeed("0")).toBe(0);
    expect(parseSeed("2147483647")).toBe(2 ** 31 - 1);
  });

  it.each(["", "-1", "1.5", "2147483648", "abc", "1e3", "99999999999"])(
    "refuses %j with a sentence",
    (text) => {
      expect(parseSeed(text)).toContain("whole number from 0 to 2147483647");
    },
  );
});

it("says what a run is doing, never just that it is busy", () => {
  const run = {
    status: "preparing",
    stage: "finding neighbours",
    stage_done: 3,
    stage_total: 5,
  } as RunRecord;
  expect(runState(run)).toBe("finding neighbours, 60 %");
  expect(runState({ ...run, stage_total: 0 })).toBe("finding neighbours");
  expect(runState({ ...run, status: "running", iterations_per_second: 31.4 })).toBe("running, 31 steps/s");
  expect(runState({ ...run, status: "stopped", step: 120 })).toBe("stopped at step 120");
});

describe("runName", () => {
  it("tells the dimensions where they are not two", () => {
    const run = (dims: number): RunRecord => ({ title: "MDS", options: { n_components: dims } }) as never;
    expect(runName(run(2))).toBe("MDS");
    expect(runName(run(3))).toBe("MDS 3-D");
  });
});
