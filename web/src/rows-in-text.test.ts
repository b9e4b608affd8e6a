import { expect, test } from "vitest";
import { packed, unpacked } from "./rows-in-text";

const drawn = (n: number, share: number): Uint32Array => {
  let state = 7;
  const rows = Array.from({ length: n }, (_, row) => row).filter(() => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31 < share;
  });
  return Uint32Array.from(rows);
};

test.each([
  ["none", new Uint32Array(), 1],
  ["a few far apart", Uint32Array.of(0, 1, 7, 127, 128, 255, 69_999, 1_000_000), 20],
  ["the largest numbers", Uint32Array.of(2 ** 32 - 2, 2 ** 32 - 1), 12],
  ["a tenth of MNIST", drawn(70_000, 0.1), 10_000],
  ["half of MNIST", drawn(70_000, 0.5), 12_000],
  ["all of MNIST", drawn(70_000, 1), 12_000],
])("%s come back as they were", (_, rows, most) => {
  const text = packed(rows);
  expect(unpacked(text)).toEqual(rows);
  expect(text.length).toBeLessThanOrEqual(most);
  expect(encodeURIComponent(text)).toBe(text);
});

test("what somebody wrote there by hand harms nothing", () => {
  for (const text of ["", "x", "1.2.3", "s!", "b%", "s////////////", "sgICAgICAgICAgA"])
    expect(unpacked(text).every((row) => row >= 0)).toBe(true);
});
