import { expect, test } from "vitest";
import { packed, unpacked } from "./whereabouts";

test("a selection comes back from the address as it was", () => {
  const rows = Uint32Array.of(0, 1, 7, 35, 36, 69_999, 1_000_000);
  expect(unpacked(packed(rows))).toEqual(rows);
  expect(packed(rows).length).toBeLessThan(20);
});

test("what somebody wrote there by hand harms nothing", () => {
  expect(unpacked("").length).toBe(0);
  expect(unpacked("x.-zz.!!").every((row) => row >= 0)).toBe(true);
});
