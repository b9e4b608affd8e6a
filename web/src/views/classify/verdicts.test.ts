import { expect, test } from "vitest";
import { drawn, isDeep, mistakes, readVerdicts, rowsOf, shade, TEST, type Verdicts } from "./verdicts";

const some: Verdicts = {
  rows: Uint32Array.from([9, 4, 7, 1, 3]),
  confidence: Float32Array.from([0.5, 0.9, 0.9, 0.6, 0.99]),
  given_confidence: Float32Array.from([0.5, 0.1, 0.1, 0.6, 0.01]),
  fold: Int32Array.from([TEST, TEST, TEST, TEST, 2]),
  predicted: Uint16Array.from([1, 0, 2, 1, 0]),
  given: Uint16Array.from([1, 1, 1, 1, 1]),
};

test("verdicts are read column after column, and what is cut off is told", () => {
  const { rows, confidence, given_confidence, fold, predicted, given } = some;
  const bytes = new Uint8Array(20 * rows.length);
  let at = 0;
  for (const part of [rows, confidence, given_confidence, fold, predicted, given]) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  expect(readVerdicts(bytes.buffer)).toEqual(some);
  expect(() => readVerdicts(bytes.buffer.slice(0, 19))).toThrow("19 bytes");
});

test("a cell, a head and the whole matrix stand for their test rows, ascending", () => {
  expect([...rowsOf(some, { given: 1, predicted: 1 })]).toEqual([1, 9]);
  expect([...rowsOf(some, { given: 1, predicted: 0 })]).toEqual([4]);
  expect([...rowsOf(some, { given: null, predicted: 2 })]).toEqual([7]);
  expect([...rowsOf(some, { given: 1, predicted: null })]).toEqual([1, 4, 7, 9]);
  expect([...rowsOf(some, { given: 0, predicted: null })]).toEqual([]);
});

test("mistakes come the surest first, those of folds are left out", () => {
  expect(mistakes(some)).toEqual([1, 2]);
});

test("random rows are test rows, each once, and the same for a seed", () => {
  expect(drawn(some, 3, 1)).toEqual(drawn(some, 3, 1));
  expect([...drawn(some, 9, 5)].sort()).toEqual([0, 1, 2, 3]);
});

test("few mistakes of many are still seen, and what stands on a cell of any share can be read", () => {
  expect(shade(0.01)).toBeCloseTo(0.1);
  expect([shade(0), shade(1)]).toEqual([0, 1]);
  const light = (rgb: readonly number[]): number =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const value = (rgb[i] as number) / 255;
      return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
  for (const ink of [
    [18, 92, 178],
    [190, 40, 30],
  ]) {
    for (let share = 0; share <= 1; share += 0.01) {
      const depth = shade(share);
      const cell = light(ink.map((value) => depth * value + (1 - depth) * 255)) + 0.05;
      const text = light(isDeep(share) ? [255, 255, 255] : [31, 35, 40]) + 0.05;
      expect(Math.max(cell, text) / Math.min(cell, text)).toBeGreaterThan(4.5);
    }
  }
});
