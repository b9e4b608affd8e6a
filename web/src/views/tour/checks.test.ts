import { beforeEach, describe, expect, it } from "vitest";
import type { Frame } from "../../net/frame";
import type { DatasetRecord } from "../../net/wire";
import { codes, dataset } from "../../state";
import { checkOf, checkOfLook, type Near, worthFor } from "./checks";
import { nearestOnMap } from "./measures";
import { finished } from "./players";

const EACH = 2;
const OF_CLASS = 4;

/** A map of rows on a line, at these places; the others of its three classes of four rows stand where they are. */
const on = (places: readonly number[]): Frame =>
  ({ n: places.length, dim: 2, positions: Float32Array.from(places.flatMap((x) => [x, 0])) }) as Frame;

const apart = on([0, 1, 2, 3, 100, 101, 102, 103, 200, 201, 202, 203]);
/** The classes take turns along the line. */
const mixed = on([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
/** Only the second class keeps together. */
const second = on([0, 3, 6, 9, 100, 101, 102, 103, 1, 4, 7, 10]);
const third = on([0, 3, 6, 9, 1, 4, 7, 10, 100, 101, 102, 103]);

const near: Near = { each: EACH, of: nearestOnMap(apart.positions, 2, EACH) };
const fresh = (frame: Frame): Frame => ({ ...frame });

function open(classes: readonly string[], range: readonly [number, number] = [0, 255]): void {
  dataset.value = { classes, value_range: range, n: 3 * OF_CLASS, p: 5 } as unknown as DatasetRecord;
}

const holds = (id: string, maps: Record<string, Frame>): boolean | null | undefined => {
  finished.value = maps;
  return checkOf(id, near)?.holds;
};

beforeEach(() => {
  codes.value = Uint16Array.from({ length: 3 * OF_CLASS }, (_, row) => Math.floor(row / OF_CLASS));
  open(["0", "1", "9"]);
});

describe("of the two looks that it begins with", () => {
  it("two pixels show a little, two components more, and neither the whole", () => {
    const some = on([0, 1, 5, 9, 50, 51, 54, 103, 55, 52, 102, 53]).positions;
    const look = (pixels: Float32Array, components: Float32Array) =>
      (["pixels", "components"] as const).map((one) => checkOfLook(one, { pixels, components }, near)?.holds);
    expect(look(some, apart.positions)).toEqual([true, false]); // the whole is seen
    expect(look(mixed.positions, some)).toEqual([false, true]);
    expect(look(some, some)).toEqual([true, false]);
    expect(checkOfLook("pixels", { pixels: some, components: some }, near)?.says).toMatch(
      /^it shows a little: 2-NN purity \.\d\d; among all 5 values 1\.00, by chance \.27\.$/,
    );
  });

  it("and nothing without labels or before the neighbours are there", () => {
    const looks = { pixels: mixed.positions, components: apart.positions };
    expect(checkOfLook("pixels", looks, null)).toBeNull();
    open([]);
    expect(checkOfLook("pixels", looks, near)).toBeNull();
  });
});

describe("what the essay says of each map is counted on the maps that are there", () => {
  it("MDS: of digits the ones keep together best", () => {
    expect(holds("mds2", { mds2: fresh(second) })).toBe(true);
    expect(holds("mds2", { mds2: fresh(third) })).toBe(false);
    expect(checkOf("mds2", near)?.says).toMatch(
      /^9 keeps together best: 10-NN purity 1\.00, of all \.\d\d\.$/,
    );
  });

  it("MDS: of other classes it says nothing, only which one it is", () => {
    open(["a", "b", "c"]);
    expect(holds("mds2", { mds2: fresh(second) })).toBeNull();
    expect(checkOf("mds2", near)?.says).toMatch(/^b keeps together best/);
  });

  it("Sammon's mapping: about as MDS, whichever is the better", () => {
    expect(holds("sammon2", { mds2: fresh(apart), sammon2: fresh(apart) })).toBe(true);
    expect(holds("sammon2", { mds2: fresh(apart), sammon2: fresh(mixed) })).toBe(false);
    expect(holds("sammon2", { mds2: fresh(mixed), sammon2: fresh(apart) })).toBe(false);
  });

  it("the graph: purer than MDS", () => {
    expect(holds("graph2", { mds2: fresh(mixed), graph2: fresh(apart) })).toBe(true);
    expect(holds("graph2", { mds2: fresh(apart), graph2: fresh(mixed) })).toBe(false);
    expect(holds("graph2", { mds2: fresh(apart), graph2: fresh(apart) })).toBe(false);
    expect(checkOf("graph2", near)?.says).toContain("100 % of the edges join a class.");
  });

  it("t-SNE: purer than the graph", () => {
    expect(holds("tsne2", { graph2: fresh(mixed), tsne2: fresh(apart) })).toBe(true);
    expect(holds("tsne2", { graph2: fresh(apart), tsne2: fresh(mixed) })).toBe(false);
  });

  it.each(["mds", "graph"])("%s in three dimensions: more room helps", (method) => {
    const [plane, room] = [`${method}2`, `${method}3`];
    expect(holds(room, { [plane]: fresh(mixed), [room]: fresh(apart) })).toBe(true);
    expect(holds(room, { [plane]: fresh(apart), [room]: fresh(mixed) })).toBe(false);
    expect(holds(room, { [plane]: fresh(apart), [room]: fresh(apart) })).toBe(false);
    expect(checkOf(room, near)?.says).toMatch(/^more room helps/);
  });

  it("t-SNE in three dimensions: little is won, and little is lost", () => {
    expect(holds("tsne3", { tsne2: fresh(apart), tsne3: fresh(apart) })).toBe(true);
    expect(holds("tsne3", { tsne2: fresh(mixed), tsne3: fresh(apart) })).toBe(false);
    expect(holds("tsne3", { tsne2: fresh(apart), tsne3: fresh(mixed) })).toBe(false);
    expect(checkOf("tsne3", near)?.says).toMatch(/^little is won/);
  });
});

describe("what is not there is not judged", () => {
  it("waits for its map, for the map it is held against, and for the neighbours", () => {
    expect(holds("tsne2", { graph2: fresh(apart) })).toBeUndefined();
    expect(holds("tsne2", { tsne2: fresh(apart) })).toBeUndefined();
    finished.value = { mds2: fresh(apart) };
    expect(checkOf("mds2", null)).toBeNull();
    expect(checkOf("mds2", { each: 0, of: new Uint16Array() })).toBeNull();
  });

  it("says the recall alone where there are no labels", () => {
    open([]);
    codes.value = new Uint16Array(3 * OF_CLASS);
    expect(holds("tsne2", { tsne2: fresh(apart) })).toBeNull();
    expect(checkOf("tsne2", near)?.says).toContain("recall of 10 neighbours 1.00");
  });

  it("tells of another range of values only where a claim does not hold", () => {
    open(["0", "1", "9"], [0, 16]);
    expect(holds("mds2", { mds2: fresh(third) })).toBe(false);
    expect(checkOf("mds2", near)?.says).toContain("here they go to 16.");
    finished.value = { mds2: fresh(second) };
    expect(checkOf("mds2", near)?.says).not.toContain("16");
  });
});

it("counts the purity of each class and of all, and the recall, of a map", () => {
  finished.value = { mds2: fresh(second) };
  const worth = worthFor("mds2", near);
  expect(worth?.byClass[1]).toBe(1);
  // All eight places of the second class, and one of two for each of the outermost of the others.
  expect(worth?.recall).toBeCloseTo(5 / 12);
  expect(worth?.purity).toBeCloseTo(5 / 12);
});
