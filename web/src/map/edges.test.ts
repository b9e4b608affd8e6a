import { expect, test } from "vitest";
import { sorted, strengthOf } from "./edges";

const graph = { neighbours: Uint32Array.of(1, 2, 0, 2, 3, 0, 2, 1), each: 2 };
const codes = Uint16Array.of(0, 0, 1, 1);

const pairs = (list: Uint32Array): string[] =>
  Array.from({ length: list.length / 2 }, (_, i) => `${list[2 * i]}-${list[2 * i + 1]}`).sort();

test("C10: every edge is in one of the two lists, once for each direction that it has", () => {
  const { within, between } = sorted(graph, codes);
  expect(pairs(within)).toEqual(["0-1", "1-0", "2-3", "3-2"]);
  expect(pairs(between)).toEqual(["0-2", "1-2", "2-0", "3-1"]);
});

test("the edges of a row stand together, so that a part of the list is those of a random part of the rows", () => {
  const n = 1000;
  const many = { neighbours: Uint32Array.from({ length: 3 * n }, (_, i) => (i * 7) % n), each: 3 };
  const { within } = sorted(many, new Uint16Array(n));
  const first = new Set(within.filter((_, i) => i % 2 === 0).slice(0, 300));
  expect(first.size).toBe(100);
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(n / 2);
});

test("the more edges there are, the fainter each of them is, down to what can still be seen", () => {
  expect(strengthOf(3000)).toBe(strengthOf(10));
  expect(strengthOf(20_000)).toBeLessThan(strengthOf(5000));
  expect(strengthOf(1e9)).toBeGreaterThan(0.05);
});
