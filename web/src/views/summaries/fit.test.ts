import { expect, test } from "vitest";
import { captioned, factorFor, keepsShape, widened } from "./fit";

const bars = { mark: { type: "bar", size: 20 }, width: 520, height: 260 };
const grid = {
  layer: [
    { mark: { type: "image", width: 64, height: 64 }, encoding: { x: { value: 400 }, y: { field: "i" } } },
    { mark: { type: "text", dy: 40, fontSize: 11 } },
  ],
  width: { step: 67 },
  height: { step: 83 },
};

test("images, squares and cells keep their shape, and what lies within facets counts", () => {
  expect(keepsShape(bars)).toBe(false);
  expect(keepsShape(grid)).toBe(true);
  expect(keepsShape({ mark: "circle", width: 420, height: 420 })).toBe(true);
  expect(keepsShape({ facet: {}, spec: grid })).toBe(true);
  expect(keepsShape({ vconcat: [bars, bars] })).toBe(false);
});

test("a chart is made as wide as there is room; what keeps its shape is only made smaller", () => {
  expect(factorFor(600, 520, 860, false)).toBeCloseTo((860 - 80) / 520);
  expect(factorFor(600, 520, 340, false)).toBeCloseTo(0.5);
  expect(factorFor(600, 520, 860, true)).toBe(1);
  expect(factorFor(600, 0, 300, true)).toBe(0.5);
  expect(factorFor(6000, 0, 300, true)).toBe(0.4);
});

test("bars get wider and no higher; their marks stay", () => {
  expect(widened(bars, 1.5)).toEqual({ ...bars, width: 780 });
});

test("images shrink with their places and what is written below them", () => {
  expect(widened(grid, 0.5)).toEqual({
    layer: [
      { mark: { type: "image", width: 32, height: 32 }, encoding: { x: { value: 200 }, y: { field: "i" } } },
      { mark: { type: "text", dy: 20, fontSize: 11 } },
    ],
    width: { step: 33.5 },
    height: { step: 41.5 },
  });
  expect(grid.layer[0]?.mark).toEqual({ type: "image", width: 64, height: 64 });
});

test("the plots within facets are widened", () => {
  const facet = { facet: { row: {} }, spec: { layer: [{ mark: "bar" }], width: 420, height: 60 } };
  expect(widened(facet, 2).spec).toEqual({ layer: [{ mark: "bar" }], width: 840, height: 60 });
});

test("a caption is broken into lines that fit, and none of its words is lost", () => {
  const words = "70,000 images of MNIST; values from 0 to 255; 54,880,000 values in 10 bins of equal width";
  const spec = { title: { text: "How much grey?", subtitle: [words.slice(0, 40), words.slice(41)] } };
  const lines = (captioned(spec, 300).title as { subtitle: string[] }).subtitle;
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines.length).toBeGreaterThan(2);
  expect(captioned({ mark: "bar" }, 300)).toEqual({ mark: "bar" });
});
