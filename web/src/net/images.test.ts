import { expect, it } from "vitest";
import { ImageCache } from "./images";

it("asks for each image once, also while the first answer is under way", async () => {
  const asked: number[] = [];
  const cache = new ImageCache(4, async (rows) => {
    asked.push(...rows);
    return rows.map((row) => Uint8Array.from([row, row, row, row]));
  });
  const [first, second] = await Promise.all([cache.load(7), cache.load(7)]);
  expect(first).toEqual(Uint8Array.from([7, 7, 7, 7]));
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
