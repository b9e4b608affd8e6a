import { expect, test, vi } from "vitest";

vi.stubGlobal("window", {
  location: { hash: "" },
  matchMedia: () => ({ matches: false, addEventListener() {} }),
  localStorage: { getItem: () => null },
});
const { read, written } = await import("./state");

test("what is chosen stands in the address with its options, and is read again", () => {
  expect(written("values", {})).toBe("values");
  const text = written("gallery", { of: "a & b=?", each: 5, seed: null });
  expect(read(text)).toEqual({ id: "gallery", typed: { of: "a & b=?", each: "5", seed: "none" } });
  expect(read("values")).toEqual({ id: "values", typed: {} });
});
