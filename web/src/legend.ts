// Which classes are on, and how the dots look for it.

import { computed } from "@preact/signals";
import { act } from "./history";
import type { ClassLook } from "./map/drawing";
import { classColour } from "./palette";
import { className, codes, dataset, hidden, spotlight } from "./state";

const DIMMED = 0.1;

export const classLooks = computed<ClassLook[]>(() => {
  const classes = dataset.value?.classes.length ?? 0;
  const light = spotlight.value;
  return Array.from({ length: classes + 1 }, (_, code) => ({
    colour: classColour(code, classes),
    opacity: hidden.value.has(code) ? 0 : light === null || light === code ? 1 : DIMMED,
  }));
});

/** 1 where a class is off, by code; the last place is for rows without a class. */
export const hiddenFlags = computed(() => {
  const flags = new Uint8Array((dataset.value?.classes.length ?? 0) + 1);
  for (const code of hidden.value) flags[code] = 1;
  return flags;
});

export function toggleClass(code: number): void {
  const next = new Set(hidden.value);
  const off = !next.delete(code);
  if (off) next.add(code);
  act(`${off ? "hid" : "showed"} ${className(dataset.value?.classes[code])}`, () => {
    hidden.value = next;
  });
}

/** Only this class; once more brings all of them back. */
export function isolateClass(code: number): void {
  const classes = dataset.value?.classes.length ?? 0;
  const others = Array.from({ length: classes }, (_, other) => other).filter((other) => other !== code);
  const alone = !hidden.value.has(code) && others.every((other) => hidden.value.has(other));
  act(alone ? "showed all classes" : `only ${className(dataset.value?.classes[code])}`, () => {
    hidden.value = new Set(alone ? [] : others);
  });
}

/** Only the class of that row; once more brings all of them back. */
export const isolateClassOf = (row: number): void => {
  const code = codes.peek()[row];
  if (code !== undefined && (dataset.value?.classes.length ?? 0) > 1) isolateClass(code);
};

export function showAllClasses(): void {
  spotlight.value = null;
  if (hidden.value.size === 0) return;
  act("showed all classes", () => {
    hidden.value = new Set();
  });
}

/** The class that a digit key means: the one of that name, else the one in that place (1 the first, 0 the tenth). */
export function classOfDigit(classes: readonly string[], digit: string): number {
  const named = classes.indexOf(digit);
  if (named >= 0) return named;
  const place = (Number(digit) + 9) % 10;
  return place < classes.length ? place : -1;
}
