import { expect, it } from "vitest";
import { inColour, inkOnPaper } from "./ink";

it("keeps every value exactly, or turns every value over", () => {
  const values = Uint8Array.from({ length: 256 }, (_, value) => value);
  const kept = inkOnPaper(values, false);
  const turned = inkOnPaper(values, true);
  for (let value = 0; value < 256; value++) {
    expect([...kept.slice(4 * value, 4 * value + 4)]).toEqual([value, value, value, 255]);
    expect(turned[4 * value]).toBe(255 - value);
  }
});

it("draws colours as they are", () => {
  const values = Uint8Array.from([255, 0, 10, 1, 2, 3]);
  expect([...inColour(values)]).toEqual([255, 0, 10, 255, 1, 2, 3, 255]);
});
