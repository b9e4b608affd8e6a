// What a model thinks of the rows that it was not trained on, and which rows a cell of its matrix means. Pure.

import { chances } from "../../chance";

export const TEST = -1; // the fold of test rows

/** Each array has a place for each row that was judged. */
export interface Verdicts {
  rows: Uint32Array;
  confidence: Float32Array;
  /** the probability of the class that the row has */
  given_confidence: Float32Array;
  fold: Int32Array;
  predicted: Uint16Array;
  given: Uint16Array;
}

const BYTES = 20; // of a row

/** The columns one after the other, as the app sends them. */
export function readVerdicts(bytes: ArrayBuffer): Verdicts {
  if (bytes.byteLength % BYTES !== 0) {
    throw new Error(`The app sent ${bytes.byteLength} bytes for verdicts of ${BYTES} each. Reload the page.`);
  }
  const m = bytes.byteLength / BYTES;
  return {
    rows: new Uint32Array(bytes, 0, m),
    confidence: new Float32Array(bytes, 4 * m, m),
    given_confidence: new Float32Array(bytes, 8 * m, m),
    fold: new Int32Array(bytes, 12 * m, m),
    predicted: new Uint16Array(bytes, 16 * m, m),
    given: new Uint16Array(bytes, 18 * m, m),
  };
}

/** A cell of the matrix; null stands for all of that side, so that a head of a row or a column is a cell as well. */
export interface Cell {
  given: number | null;
  predicted: number | null;
}

/** The test rows that a cell counts, ascending. */
export function rowsOf(verdicts: Verdicts, cell: Cell): Uint32Array {
  const { rows, given, predicted, fold } = verdicts;
  const found = rows.filter(
    (_, i) =>
      fold[i] === TEST &&
      (cell.given === null || given[i] === cell.given) &&
      (cell.predicted === null || predicted[i] === cell.predicted),
  );
  return found.sort();
}

/** The places of the mistakes on test rows, the surest first; equally sure ones as they stand. */
export function mistakes(verdicts: Verdicts): number[] {
  const { given, predicted, fold, confidence } = verdicts;
  const found: number[] = [];
  for (let i = 0; i < given.length; i++) if (fold[i] === TEST && given[i] !== predicted[i]) found.push(i);
  return found.sort((a, b) => (confidence[b] as number) - (confidence[a] as number) || a - b);
}

/** The places of some test rows, drawn by the seed. */
export function drawn(verdicts: Verdicts, count: number, seed: number): number[] {
  const tested = [...verdicts.rows.keys()].filter((i) => verdicts.fold[i] === TEST);
  const chance = chances(seed, tested.length);
  const order = [...tested.keys()].sort((a, b) => (chance[a] as number) - (chance[b] as number));
  return order.slice(0, count).map((at) => tested[at] as number);
}

const DEEP = 0.44; // of a class: from there on a cell is so deep that what stands on it is white
const LEAST_UNDER_WHITE = 0.87; // above the root of `DEEP`: in between neither text nor white could be read

/** Whether a cell of that share is deep. */
export const isDeep = (share: number): boolean => share > DEEP;

/** The shade of a cell, 0 to 1: the root of its share, since mistakes are few and would not be seen. */
export function shade(share: number): number {
  if (!isDeep(share)) return Math.sqrt(share);
  return LEAST_UNDER_WHITE + ((1 - LEAST_UNDER_WHITE) * (share - DEEP)) / (1 - DEEP);
}
