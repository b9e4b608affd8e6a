import { expect, it } from "vitest";
import { binned, byKeys, roundStep, sortKeys } from "./order";

const all = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, row) => row);
const numbers = (...values: number[]) => ({ kind: "number" as const, values: Float32Array.from(values) });
const sorted = (values: number[], down: boolean) =>
  [...byKeys(all(values.length), sortKeys(numbers(...values), down))].map((row) => row);

it("sorts numbers of either sign, up and down, those without a value last", () => {
  const values = [3, -1.5, Number.NaN, 0, 1e-30, -2e9, 3];
  expect(sorted(values, false)).toEqual([5, 1, 3, 4, 0, 6, 2]);
  expect(sorted(values, true)).toEqual([0, 6, 4, 3, 1, 5, 2]);
});

it("leaves equal ones as they stood", () => {
  const rows = Uint32Array.from([4, 2, 0, 3, 1]);
  const keys = sortKeys({ kind: "name", codes: Uint16Array.from([1, 0, 1, 0, 1]), names: ["a", "b"] }, false);
  expect([...byKeys(rows, keys)]).toEqual([3, 1, 4, 2, 0].filter((row) => row % 2).concat([4, 2, 0]));
  expect([...byKeys(all(3), sortKeys(numbers(-0, 0, 0), true))]).toEqual([0, 1, 2]);
});

it("sorts as a plain comparison would", () => {
  const values = Array.from({ length: 5000 }, (_, i) => Math.fround(Math.sin(i * 12.9898) * 43758.5453));
  const wanted = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
  expect(sorted(values, false)).toEqual(wanted);
});

it("makes bins with round borders", () => {
  const bins = binned(numbers(12, 47, 88, Number.NaN, 50), String);
  expect(bins.names.slice(0, 2)).toEqual(["10 to 20", "20 to 30"]);
  expect([...bins.codes].map((bin) => bins.names[bin])).toEqual([
    "10 to 20",
    "40 to 50",
    "80 to 90",
    "no value",
    "50 to 60",
  ]);
  expect(binned(numbers(Number.NaN), String).names).toEqual(["no value"]);
  const one = binned(numbers(5, 5), String);
  expect([...one.codes]).toEqual([0, 0]);
});

it("rounds steps up to 1, 2 or 5", () => {
  expect([0.3, 7.6, 20, 0].map(roundStep)).toEqual([0.5, 10, 20, 1]);
});
