import { expect, it } from "vitest";
import { ImageCache } from "./images";
import { MAX_IMAGES } from "./wire";

const image = (row: number): Uint8Array => Uint8Array.from([row, row, row, row]);
const noFault = (error: Error): void => {
  throw error;
};
const tick = (): Promise<void> => new Promise((done) => setTimeout(done, 1));

/** A server that answers when it is told to. */
class Desk {
  readonly asked: number[][] = [];
  readonly aborted: number[][] = [];
  private readonly held: (() => void)[] = [];

  readonly fetch = (rows: readonly number[], _p: number, signal?: AbortSignal): Promise<Uint8Array[]> => {
    this.asked.push([...rows]);
    signal?.addEventListener("abort", () => this.aborted.push([...rows]));
    return new Promise((done) => this.held.push(() => done(rows.map(image))));
  };

  async answer(): Promise<void> {
    for (const answer of this.held.splice(0)) answer();
    await tick();
  }
}

it("asks for each image once, also while the first answer is under way", async () => {
  const asked: number[] = [];
  const cache = new ImageCache(4, async (rows) => {
    asked.push(...rows);
    return rows.map(image);
  });
  const [first, second] = await Promise.all([cache.load(7), cache.load(7)]);
  expect(first).toEqual(image(7));
  expect(second).toBe(first);
  expect(cache.peek(7)).toBe(first);
  await cache.load(7);
  expect(asked).toEqual([7]);
});

it("asks again after a failure", async () => {
  let tries = 0;
  const cache = new ImageCache(1, async () => {
    tries += 1;
    if (tries === 1) throw new Error("gone");
    return [Uint8Array.from([1])];
  });
  await expect(cache.load(0)).rejects.toThrow("gone");
  await expect(cache.load(0)).resolves.toEqual(Uint8Array.from([1]));
});

it("puts what is asked for within a tick into one request, of no more rows than the app takes", async () => {
  const desk = new Desk();
  const cache = new ImageCache(4, desk.fetch);
  const one = [cache.load(3), cache.load(1), cache.load(3)];
  const view = cache.window(() => {}, noFault);
  view.show(Array.from({ length: 2 * MAX_IMAGES + 5 }, (_, row) => row));
  await tick();
  expect(desk.asked.map((rows) => rows.length)).toEqual([MAX_IMAGES, MAX_IMAGES]);
  expect(desk.asked[0]?.slice(0, 2)).toEqual([3, 1]);
  await desk.answer();
  expect(await Promise.all(one)).toEqual([image(3), image(1), image(3)]);
  expect(desk.asked[2]?.length).toBe(5);
  expect(new Set(desk.asked.flat()).size).toBe(2 * MAX_IMAGES + 5);
});

it("does not ask for what has scrolled away, and lets go of what nobody waits for", async () => {
  const desk = new Desk();
  const cache = new ImageCache(4, desk.fetch);
  const came: number[] = [];
  const view = cache.window((rows) => came.push(...rows), noFault);
  view.show([1, 2]);
  await tick();
  view.show([3, 4]); // these two are gone before they came
  view.show([5, 6]); // and these before they were asked for
  await tick();
  expect(desk.asked).toEqual([
    [1, 2],
    [5, 6],
  ]);
  expect(desk.aborted).toEqual([[1, 2]]);
  await desk.answer();
  expect(came).toEqual([5, 6]);
  expect(cache.peek(1)).toBeUndefined();
});

it("keeps waiting for a request that somebody else wants something of", async () => {
  const desk = new Desk();
  const cache = new ImageCache(4, desk.fetch);
  const view = cache.window(() => {}, noFault);
  view.show([1, 2]);
  const wanted = cache.load(2);
  await tick();
  view.close();
  expect(desk.aborted).toEqual([]);
  await desk.answer();
  expect(await wanted).toEqual(image(2));
});

it("tells a view that its images could not be had, and asks again when it shows them again", async () => {
  let tries = 0;
  const cache = new ImageCache(4, async (rows) => {
    tries += 1;
    if (tries === 1) throw new Error("gone");
    return rows.map(image);
  });
  const faults: string[] = [];
  const came: number[] = [];
  const view = cache.window(
    (rows) => came.push(...rows),
    (error) => faults.push(error.message),
  );
  view.show([1]);
  await tick();
  expect(faults).toEqual(["gone"]);
  view.show([1]);
  await tick();
  expect(came).toEqual([1]);
});

it("lets go of the images that were looked at least lately", async () => {
  const p = 1 << 16; // 64 kB: room for the least number that is kept
  const cache = new ImageCache(p, async (rows) => rows.map(() => new Uint8Array(4)));
  await Promise.all(Array.from({ length: 1024 }, (_, row) => cache.load(row)));
  cache.peek(0);
  await cache.load(5000);
  expect(cache.peek(0)).toBeDefined();
  expect(cache.peek(1)).toBeUndefined();
  expect(cache.peek(5000)).toBeDefined();
});
