import { expect, test } from "vitest";
import type { DecisionRecord } from "../../net/wire";
import { previewSays } from "./bulk";
import { unpacked } from "./ranked";
import { badge, chance, opinions } from "./words";

const decided = (more: Partial<DecisionRecord>): DecisionRecord => ({
  row: 1,
  decision: "relabel",
  label: "7",
  given: "1",
  note: "",
  at: "",
  blind: false,
  second: null,
  ...more,
});

test("a ranking comes as five columns one after the other", () => {
  const bytes = new ArrayBuffer(2 * 13);
  new Uint32Array(bytes, 0, 2).set([5, 3]);
  new Float32Array(bytes, 8, 2).set([0.25, 0.5]);
  new Uint16Array(bytes, 16, 2).set([1, 2]);
  new Uint16Array(bytes, 20, 2).set([7, 2]);
  new Uint8Array(bytes, 24, 2).set([1, 0]);
  const found = unpacked(bytes, 4, 6);
  expect([[...found.rows], [...found.quality]]).toEqual([
    [5, 3],
    [0.25, 0.5],
  ]);
  expect([[...found.given], [...found.suggested], [...found.issue]]).toEqual([
    [1, 2],
    [7, 2],
    [1, 0],
  ]);
  expect([...found.places]).toEqual([-1, -1, -1, 1, -1, 0]);
  expect(() => unpacked(bytes.slice(1), 4, 6)).toThrow("cut off");
});

test("decisions, second opinions and bulks in words", () => {
  expect([badge(decided({})), badge(decided({ decision: "exclude" }))]).toEqual(["→ 7", "left out"]);
  expect(opinions(decided({ second: "7" }))).toBe("A second opinion says the same.");
  expect(opinions(decided({ decision: "keep", label: null, second: "7" }))).toBe("A second opinion says 7.");
  expect(opinions(decided({ decision: "ambiguous", label: null, second: "(ambiguous)" }))).toContain(
    "the same",
  );
  expect(opinions(decided({ blind: true, second: "7" }))).toBe("");
  const preview = { count: 1200, relabelled: 1198, unchanged: 2, overwritten: 0, given: {}, revision: 1 };
  expect(previewSays(preview)).toBe("1,200 selected: 1,198 get another label, 2 stay as they were decided.");
  expect([0.0001, 0.004, 0.61, 1].map(chance)).toEqual(["<.001", ".004", ".61", "1.00"]);
});
