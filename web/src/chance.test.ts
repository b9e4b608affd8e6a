import { expect, it } from "vitest";
import { chances } from "./chance";

it("is the library's random number, bit by bit", () => {
  // snowdome.core.rng.uniform(2018, 0, 70000, 1)
  const found = chances(2018, 70_000);
  expect([found[0], found[1], found[2], found[69_999]]).toEqual([
    0.10585276562327056, 0.6651167467921375, 0.4392354054554813, 0.5906079222577254,
  ]);
  expect(chances(2 ** 31 - 1, 1)[0]).toBe(0.21033710045759096);
});
