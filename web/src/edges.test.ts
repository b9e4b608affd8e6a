import { expect, test } from "vitest";
import { spaceOf } from "./edges";

test("neighbours are looked for where the map looked for them", () => {
  expect(spaceOf({ options: { space: 20 } }, 784)).toBe(20);
  expect(spaceOf({ options: { space: null } }, 784)).toBe(0);
  expect(spaceOf({ options: { space: 50 } }, 50)).toBe(0);
});

test("of a map that looked into no space of its own they are those that its quality is measured by", () => {
  expect(spaceOf({ options: {} }, 784)).toBe(50);
  expect(spaceOf({ options: {} }, 4)).toBe(0);
  expect(spaceOf(undefined, 784)).toBe(50);
});
