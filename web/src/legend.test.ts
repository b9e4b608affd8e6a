import { beforeEach, expect, it } from "vitest";
import { lookedAt } from "./filter";
import { classLooks, classOfDigit, hiddenFlags, isolateClass, showAllClasses, toggleClass } from "./legend";
import type { DatasetRecord } from "./net/wire";
import { codes, dataset, hidden, shown, spotlight } from "./state";

beforeEach(() => {
  dataset.value = { n: 60, classes: ["a", "b", "c"], counts: [10, 20, 25] } as DatasetRecord;
  codes.value = Uint16Array.from({ length: 60 }, (_, row) =>
    row < 10 ? 0 : row < 30 ? 1 : row < 55 ? 2 : 3,
  );
  shown.value = { run: 1, step: 0, cost: Number.NaN };
  showAllClasses();
});

it("switches a class off and on, and counts what is shown", () => {
  expect(lookedAt.value).toBe(60);
  toggleClass(1);
  expect(lookedAt.value).toBe(40);
  expect([...hiddenFlags.value]).toEqual([0, 1, 0, 0]);
  expect(classLooks.value.map((look) => look.opacity)).toEqual([1, 0, 1, 1]);
  toggleClass(1);
  expect(hidden.value.size).toBe(0);
});

it("isolates a class, and brings all back the second time", () => {
  isolateClass(2);
  expect([...hidden.value]).toEqual([0, 1]);
  isolateClass(2);
  expect(hidden.value.size).toBe(0);
});

it("dims the others while one class is pointed at, and hides what is off all the same", () => {
  toggleClass(0);
  spotlight.value = 1;
  const [off, lit, dimmed] = classLooks.value.map((look) => look.opacity);
  expect(off).toBe(0);
  expect(lit).toBe(1);
  expect(dimmed).toBeGreaterThan(0);
  expect(dimmed).toBeLessThan(0.5);
});

it("lets a digit mean the class of that name, else the one in that place", () => {
  expect(classOfDigit(["0", "1", "2"], "2")).toBe(2);
  expect(classOfDigit(["cat", "dog"], "1")).toBe(0);
  expect(classOfDigit(["cat", "dog"], "9")).toBe(-1);
});
