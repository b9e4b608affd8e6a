import { describe, expect, test } from "vitest";
import type { Rows } from "./geometry";
import { cellRows, eachSeen, nearestOnMap, rowsWithin, thinned } from "./region";
import { HOME, type Point, project, UPRIGHT, type View } from "./view";

const FLAT: View = { dim: 2, x: 0, y: 0, z: 0, zoom: 10, width: 200, height: 100, orientation: UPRIGHT };
const DEEP: View = { ...FLAT, dim: 3, orientation: HOME };

function rowsOf(dim: 2 | 3, n: number, seed = 1): Rows {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    positions: Float32Array.from({ length: dim * n }, () => 16 * random() - 8),
    codes: Uint16Array.from({ length: n }, (_, row) => row % 3),
    hidden: new Uint8Array(4),
    leftOut: null,
  };
}

describe.each([FLAT, DEEP])("a map of $dim dimensions", (view) => {
  test("every row is seen where `project` puts it", () => {
    const rows = rowsOf(view.dim, 50);
    let count = 0;
    eachSeen(view, rows, (row, x, y) => {
      const place = project(view, rows.positions.subarray(view.dim * row, view.dim * (row + 1)));
      expect(x).toBeCloseTo(place?.[0] ?? Number.NaN, 4);
      expect(y).toBeCloseTo(place?.[1] ?? Number.NaN, 4);
      count += 1;
    });
    const before = Array.from({ length: 50 }, (_, row) =>
      project(view, rows.positions.subarray(view.dim * row)),
    );
    expect(count).toBe(before.filter((place) => place !== null).length);
    expect(count).toBeGreaterThan(40);
  });

  test("a line round a box holds the rows in the box, but those that are switched off or left out", () => {
    const rows = rowsOf(view.dim, 400);
    rows.hidden[1] = 1;
    rows.leftOut = Uint8Array.from({ length: 400 }, (_, row) => (row % 5 === 0 ? 1 : 0));
    const wanted: number[] = [];
    for (let row = 0; row < 400; row++) {
      const [x, y] = project(view, rows.positions.subarray(view.dim * row)) ?? [-1, -1];
      if (row % 3 !== 1 && row % 5 !== 0 && x > 40 && x < 150 && y > 20 && y < 80) wanted.push(row);
    }
    const box: Point[] = [
      [40, 20],
      [150, 20],
      [150, 80],
      [40, 80],
    ];
    expect(wanted.length).toBeGreaterThan(10);
    expect([...rowsWithin(view, rows, box)]).toEqual(wanted);
  });
});

test("inside a star is where an odd number of turns is; fewer than three points hold nothing", () => {
  const at = (x: number, y: number): Rows => ({
    positions: Float32Array.of(x, y),
    codes: Uint16Array.of(0),
    hidden: new Uint8Array(1),
    leftOut: null,
  });
  const star: Point[] = [0, 2, 4, 1, 3].map((i) => [
    100 + 40 * Math.sin((i * 2 * Math.PI) / 5),
    50 - 40 * Math.cos((i * 2 * Math.PI) / 5),
  ]);
  expect(rowsWithin(FLAT, at(0, 0), star).length).toBe(0); // the pentagon in the middle is enclosed twice
  expect(rowsWithin(FLAT, at(0, 2.5), star).length).toBe(1);
  expect(rowsWithin(FLAT, at(0, 0), star.slice(0, 2)).length).toBe(0);
});

test("a cell keeps its row while that is in it, else takes the nearest to its middle", () => {
  const rows: Rows = {
    positions: Float32Array.of(0.1, -0.1, 0.9, -0.9, -8, 4),
    codes: new Uint16Array(3),
    hidden: new Uint8Array(1),
    leftOut: null,
  };
  const first = cellRows(FLAT, rows, 20, new Map());
  expect(first.seen).toBe(3);
  expect([...first.rows.values()].sort()).toEqual([1, 2]);
  const cell = [...first.rows].find(([, row]) => row === 1)?.[0] as number;
  expect(cellRows(FLAT, rows, 20, new Map([[cell, 0]])).rows.get(cell)).toBe(0);
});

test("the nearest on the map are those that a full sort gives, ties by row", () => {
  const { positions } = rowsOf(3, 300, 7);
  positions.copyWithin(3 * 40, 0, 3); // row 40 lies where row 0 does
  const d2 = (other: number): number =>
    [0, 1, 2].reduce(
      (sum, axis) => sum + ((positions[3 * other + axis] ?? 0) - (positions[3 * 9 + axis] ?? 0)) ** 2,
      0,
    );
  const wanted = Array.from({ length: 300 }, (_, row) => row)
    .filter((row) => row !== 9)
    .sort((a, b) => d2(a) - d2(b) || a - b);
  expect(nearestOnMap(3, positions, 9, 12)).toEqual(wanted.slice(0, 12));
  expect(nearestOnMap(3, positions, 9, 999)).toEqual(wanted);
});

test("a thinned line keeps its start and nothing nearer than asked", () => {
  const line: Point[] = Array.from({ length: 100 }, (_, i) => [i, 0]);
  const kept = thinned(line, 8);
  expect(kept[0]).toEqual([0, 0]);
  expect(kept.every(([x], i) => i === 0 || x - (kept[i - 1]?.[0] ?? 0) >= 8)).toBe(true);
});
