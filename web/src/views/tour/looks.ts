// The two looks that the essay begins with: the first rows along two of their pixels, and along two components.

import { fetchColumn, fetchScores } from "../../explorer/api";
import { hisPixel } from "../../explorer/scale";
import type { DatasetRecord } from "../../net/wire";

/** Places of rows on a plane, two values each. */
export interface Looks {
  pixels: Float32Array;
  components: Float32Array;
}

/** Null where there are no two axes to look along. */
export async function fetchLooks(facts: DatasetRecord, rows: number): Promise<Looks | null> {
  if (facts.p / facts.channels < 2 || facts.n < 3) return null;
  const shape = facts.image_shape;
  const axes = shape ? [hisPixel("across", shape), hisPixel("up", shape)] : [0, 1];
  const [x, y, first, second] = await Promise.all([
    ...axes.map((index) => fetchColumn(index, facts.n)),
    fetchScores(0),
    fetchScores(1),
  ]);
  const paired = (one: ArrayLike<number> = [], other: ArrayLike<number> = []): Float32Array =>
    Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? one : other)[i >> 1] as number);
  return { pixels: paired(x, y), components: paired(first, second) };
}
