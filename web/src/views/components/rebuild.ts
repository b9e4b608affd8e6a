// An image put together from its leading components, and how far that is from the image. Pure.

import type { Components } from "../../explorer/api";

/** The score of a row in each component, in double precision. */
export function scoresOf(row: Float32Array, space: Components): Float64Array {
  return Float64Array.from(space.weights, (weights) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      sum += ((row[i] as number) - (space.mean[i] as number)) * (weights[i] as number);
    }
    return sum;
  });
}

/** The mean row plus so many leading components times their scores. */
export function rebuilt(scores: Float64Array, space: Components, kept: number): Float32Array {
  const found = Float64Array.from(space.mean);
  for (let c = 0; c < Math.min(kept, scores.length); c++) {
    const weights = space.weights[c] as Float32Array;
    for (let i = 0; i < weights.length; i++) {
      found[i] = (found[i] as number) + (scores[c] as number) * (weights[i] as number);
    }
  }
  return Float32Array.from(found);
}

/** The mean squared error of a value. */
export function meanSquaredError(row: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += ((row[i] as number) - (other[i] as number)) ** 2;
  return sum / Math.max(1, row.length);
}

/** The mean of a column over the rows of each class; NaN for a class without rows. */
export function classMeans(values: Float32Array, codes: Uint16Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Uint32Array(classes);
  for (let row = 0; row < values.length; row++) {
    const code = codes[row] as number;
    if (code >= classes) continue;
    sums[code] = (sums[code] as number) + (values[row] as number);
    counts[code] = (counts[code] as number) + 1;
  }
  return sums.map((sum, code) => sum / (counts[code] as number));
}
