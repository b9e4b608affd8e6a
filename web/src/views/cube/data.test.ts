import { expect, it } from "vitest";
import { cornersOf } from "./data";

it("counts the corners of the plot and names the class that most rows are of", () => {
  const across = Uint8Array.of(0, 0, 200, 200, 200, 128);
  const up = Uint8Array.of(255, 255, 0, 0, 0, 200);
  const codes = Uint16Array.of(1, 1, 0, 0, 1, 2);
  const corners = cornersOf(across, up, 6, codes, 2, [127.5, 127.5]);
  expect(corners).toEqual([
    { count: 2, code: 1, of: 2 },
    { count: 1, code: 2, of: 1 }, // a row without a class
    { count: 0, code: -1, of: 0 },
    { count: 3, code: 0, of: 2 },
  ]);
  expect(cornersOf(across, up, 2, codes, 2, [127.5, 127.5])[3]?.count).toBe(0);
});
