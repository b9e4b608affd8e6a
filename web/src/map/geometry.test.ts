import { describe, expect, it } from "vitest";
import {
  between,
  dotSize,
  fitView,
  medianPlace,
  pick,
  placeCard,
  project,
  projectRow,
  sameView,
  sampleByClass,
  shuffledRows,
  type View,
} from "./geometry";

const VIEW: View = { x: 1, y: 2, zoom: 10, width: 400, height: 300 };

describe("project", () => {
  it("puts the view's centre in the middle, x to the right and y upwards", () => {
    expect(project(VIEW, 1, 2)).toEqual([200, 150]);
    expect(project(VIEW, 2, 3)).toEqual([210, 140]);
  });

  it("knows no place for a row that there is not", () => {
    expect(projectRow(VIEW, Float32Array.of(1, 2), 0)).toEqual([200, 150]);
    expect(projectRow(VIEW, Float32Array.of(1, 2), 1)).toBeNull();
  });
});

describe("pick", () => {
  const positions = Float32Array.of(1, 2, 1.5, 2, 30, 30);
  const codes = Uint16Array.of(0, 1, 0);
  const at = (px: number, py: number, hidden = Uint8Array.of(0, 0)) =>
    pick(VIEW, { positions, codes, hidden, px, py, radius: 8 });

  it("finds the nearest row within the radius", () => {
    expect(at(201, 150)).toBe(0);
    expect(at(204, 151)).toBe(1);
    expect(at(200, 170)).toBe(-1);
  });

  it("sees through classes that are off", () => {
    expect(at(201, 150, Uint8Array.of(1, 0))).toBe(1);
    expect(at(201, 150, Uint8Array.of(1, 1))).toBe(-1);
  });

  it("works at a t-SNE map's first scale", () => {
    const small = Float32Array.of(1e-4, 0, -1e-4, 0);
    const view = { x: 0, y: 0, zoom: 1e6, width: 400, height: 300 };
    const query = {
      positions: small,
      codes: Uint16Array.of(0, 0),
      hidden: Uint8Array.of(0),
      py: 150,
      radius: 8,
    };
    expect(pick(view, { ...query, px: 301 })).toBe(0);
    expect(pick(view, { ...query, px: 99 })).toBe(1);
  });
});

describe("fitView", () => {
  const stage = { left: 0, top: 0, right: 400, bottom: 300 };
  const inset = { left: 20, right: 20, top: 10, bottom: 50 };

  it("brings all corners inside the insets", () => {
    const view = fitView([-3, -1], [5, 7], stage, inset);
    const [left, bottom] = project(view, -3, -1);
    const [right, top] = project(view, 5, 7);
    expect(left).toBeGreaterThanOrEqual(20);
    expect(right).toBeLessThanOrEqual(380);
    expect(top).toBeCloseTo(10);
    expect(bottom).toBeCloseTo(250);
  });

  it("survives one row, and all rows in one place", () => {
    expect(fitView([2, 2], [2, 2], stage, inset).zoom).toBe(1);
    expect(fitView([], [], stage, inset).zoom).toBe(1);
  });
});

describe("between", () => {
  const to: View = { x: 5, y: -3, zoom: 80, width: 400, height: 300 };

  it("starts here and ends there", () => {
    expect(sameView(between(VIEW, to, 0), { ...VIEW })).toBe(true);
    expect(between(VIEW, to, 1)).toBe(to);
  });

  it("zooms evenly in the logarithm, and keeps the point that both views share in its place", () => {
    const half = between(VIEW, to, 0.5);
    expect(half.zoom).toBeCloseTo(Math.sqrt(10 * 80));
    // the map point that has the same pixel in both views
    const fixed = (a: number, b: number): number => (a * VIEW.zoom - b * to.zoom) / (VIEW.zoom - to.zoom);
    const [x, y] = [fixed(VIEW.x, to.x), fixed(VIEW.y, to.y)];
    expect(project(half, x, y)[0]).toBeCloseTo(project(VIEW, x, y)[0], 6);
    expect(project(half, x, y)[1]).toBeCloseTo(project(VIEW, x, y)[1], 6);
  });

  it("pans evenly where the zoom is the same", () => {
    expect(between(VIEW, { ...VIEW, x: 3 }, 0.5).x).toBe(2);
  });
});

describe("placeCard", () => {
  const card = { width: 130, height: 170 };
  const room = { left: 8, top: 8, right: 792, bottom: 592 };

  it("stands directly above its point", () => {
    expect(placeCard([400, 300], card, room)).toEqual([335, 300 - 14 - 170]);
  });

  it("goes below the pointer where there is no room above", () => {
    const [, top] = placeCard([400, 40], card, room);
    expect(top).toBeGreaterThanOrEqual(40 + 24);
  });

  it("never leaves the window nor covers its point, wherever the point is", () => {
    for (let x = 0; x <= 800; x += 25) {
      for (let y = 0; y <= 600; y += 25) {
        const [left, top] = placeCard([x, y], card, room);
        expect(left).toBeGreaterThanOrEqual(room.left);
        expect(left + card.width).toBeLessThanOrEqual(room.right);
        expect(top).toBeGreaterThanOrEqual(room.top);
        expect(top + card.height).toBeLessThanOrEqual(room.bottom);
        expect(y > top && y < top + card.height).toBe(false);
      }
    }
  });
});

describe("labels", () => {
  it("sample each class's own rows, no more than asked for, and skip rows without a class", () => {
    const codes = Uint16Array.from({ length: 1000 }, (_, row) => (row % 5 === 4 ? 2 : row % 2));
    const rows = sampleByClass(codes, 2, 50);
    expect(rows).toHaveLength(2);
    for (const [code, list] of rows.entries()) {
      expect(list.length).toBeGreaterThan(40);
      expect(list.length).toBeLessThanOrEqual(51);
      expect([...list].every((row) => codes[row] === code)).toBe(true);
    }
  });

  it("stand at the median, which a stray row does not move", () => {
    const positions = Float32Array.of(0, 0, 1, 1, 2, 2, 1000, -1000, 1, 1);
    expect(medianPlace(positions, Uint32Array.of(0, 1, 2, 3, 4))).toEqual([1, 1]);
    expect(medianPlace(positions, new Uint32Array())).toBeNull();
  });
});

describe("shuffledRows", () => {
  it("is a permutation, the same each time, and its first part is a fair sample", () => {
    const rows = shuffledRows(10_000);
    expect(rows).toEqual(shuffledRows(10_000));
    expect(new Set(rows).size).toBe(10_000);
    const early = rows.slice(0, 1000).filter((row) => row < 5000).length;
    expect(early).toBeGreaterThan(430);
    expect(early).toBeLessThan(570);
  });
});

describe("dotSize", () => {
  it("shrinks with n, grows with zoom, and stays within bounds", () => {
    const few = dotSize(200, 10, VIEW);
    const many = dotSize(70_000, 10, VIEW);
    const near = dotSize(70_000, 10, { ...VIEW, zoom: 60 });
    expect(few).toBeGreaterThan(many);
    expect(near).toBeGreaterThan(many);
    expect(dotSize(1, 1, { ...VIEW, zoom: 1e9 })).toBeLessThanOrEqual(14);
    expect(many).toBeGreaterThan(1);
  });
});
