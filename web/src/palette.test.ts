import { expect, it } from "vitest";
import { classColour, css, PETROFF10 } from "./palette";

it("begins with petroff10", () => {
  expect(PETROFF10).toHaveLength(10);
  expect(css(classColour(0, 10))).toBe("rgb(63 144 218)");
});

it("has another colour for each of 47 classes, and grey for rows without one", () => {
  const colours = Array.from({ length: 48 }, (_, code) => css(classColour(code, 47)));
  expect(new Set(colours).size).toBe(48);
});
