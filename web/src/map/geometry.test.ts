import { describe, expect, it } from "vitest";
import {
  DepthOrder,
  dotSize,
  extentOf,
  medianPlace,
  pick,
  placeCard,
  sampleByClass,
  shuffledRows,
} from "./geometry";
import { eyeOf, fitView, HOME, nearness, projectRow, UPRIGHT, type View } from "./view";

const FLAT = { dim: 2, z: 0, width: 400, height: 300, orientation: UPRIGHT } as const;
const VIEW: View = { ...FLAT, x: 1, y: 2, zoom: 10 };

describe("pick", () => {
  const positions = Float32Array.of(1, 2, 1.5, 2, 30, 30);
  const codes = Uint16Array.of(0, 1, 0);
  const at = (px: number, py: number, hidden = Uint8Array.of(0, 0), leftOut: Uint8Array | null = null) =>
    pick(VIEW, { positions, codes, hidden, leftOut, px, py, radius: 8, diameter: 4 });

  it("finds the nearest row within the radius", () => {
    expect(at(201, 150)).toBe(0);
    expect(at(204, 151)).toBe(1);
    expect(at(200, 170)).toBe(-1);
  });

  it("sees through classes that are off", () => {
    expect(at(201, 150, Uint8Array.of(1, 0))).toBe(1);
    expect(at(201, 150, Uint8Array.of(1, 1))).toBe(-1);
  });

  it("sees through rows that a filter leaves out", () => {
    expect(at(201, 150, Uint8Array.of(0, 0), Uint8Array.of(1, 0, 0))).toBe(1);
    expect(at(201, 150, Uint8Array.of(0, 0), Uint8Array.of(1, 1, 0))).toBe(-1);
  });

  it("works at a t-SNE map's first scale", () => {
    const small = Float32Array.of(1e-4, 0, -1e-4, 0);
    const view = { ...FLAT, x: 0, y: 0, zoom: 1e6 };
    const query = {
      positions: small,
      codes: Uint16Array.of(0, 0),
      hidden: Uint8Array.of(0),
      leftOut: null,
      py: 150,
      radius: 8,
      diameter: 4,
    };
    expect(pick(view, { ...query, px: 301 })).toBe(0);
    expect(pick(view, { ...query, px: 99 })).toBe(1);
  });
});

describe("pick in 3-D", () => {
  const n = 3000;
  // A cloud that is the same each time.
  const positions = Float32Array.from({ length: 3 * n }, (_, i) => 10 * Math.sin(i * i * 0.37 + i * 1.7));
  const extent = extentOf(3, positions, [-10, -10, -10], [10, 10, 10]);
  const view = fitView(3, extent, [400, 300], { left: 0, top: 0, right: 0, bottom: 0 }, HOME);
  const codes = new Uint16Array(n);
  const place = (row: number): number[] => [...positions.subarray(3 * row, 3 * row + 3)];

  it("finds the foremost of the dots that the pixel lies on, else the nearest one", () => {
    let covered = 0;
    for (let px = 60; px < 340; px += 20) {
      for (let py = 40; py < 260; py += 17) {
        const seen = Array.from({ length: n }, (_, row) => {
          const [x, y] = projectRow(view, positions, row) ?? [Number.NaN, Number.NaN];
          const near = nearness(view, place(row));
          const size = 5 * Math.min(4, 1 / (1 - near * eyeOf(view).lens));
          return { row, near, away: Math.hypot(x - px, y - py), size };
        });
        const on = seen.filter(({ away, size }) => away <= size / 2).sort((a, b) => b.near - a.near);
        const around = seen.filter(({ away }) => away <= 8).sort((a, b) => a.away - b.away);
        covered += on.length > 1 ? 1 : 0;
        const wanted = (on[0] ?? around[0])?.row ?? -1;
        const rows = { positions, codes, hidden: Uint8Array.of(0), leftOut: null };
        const query = { ...rows, px, py, radius: 8, diameter: 5 };
        expect(pick(view, query)).toBe(wanted);
      }
    }
    expect(covered).toBeGreaterThan(10);
  });
});

describe("DepthOrder", () => {
  it("paints the farthest first, and only those asked for", () => {
    const n = 5000;
    const positions = Float32Array.from({ length: 3 * n }, (_, i) => Math.sin(i * i));
    const toward = eyeOf({ ...VIEW, dim: 3, orientation: HOME }).toward;
    const among = shuffledRows(n);
    const order = new DepthOrder(n);
    const depth = (row: number): number =>
      toward.reduce((sum, part, axis) => sum + part * (positions[3 * row + axis] as number), 0);
    for (const count of [n, 1200, 1, 0]) {
      order.sort(toward, positions, among, count);
      const drawn = order.rows.subarray(0, count);
      expect(new Set(drawn)).toEqual(new Set(among.subarray(0, count)));
      const step = 4 / 4095;
      for (let i = 1; i < count; i++) {
        expect(depth(drawn[i] as number)).toBeGreaterThan(depth(drawn[i - 1] as number) - step);
      }
    }
  });

  it("survives all rows in one place", () => {
    const order = new DepthOrder(3);
    order.sort([0, 0, 1], new Float32Array(9), Uint32Array.of(2, 0, 1), 3);
    expect([...order.rows]).toEqual([2, 0, 1]);
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
    expect(medianPlace(2, positions, Uint32Array.of(0, 1, 2, 3, 4))).toEqual([1, 1]);
    expect(medianPlace(2, positions, new Uint32Array())).toBeNull();
    expect(medianPlace(3, Float32Array.of(0, 5, 9, 1, 6, 8, 2, 7, -700), Uint32Array.of(0, 1, 2))).toEqual([
      1, 6, 8,
    ]);
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
