// What the explorers ask of the data, each once: columns, means, components, scores, and the values of one row.

import { ask } from "../net/api";
import type { ComponentsRecord } from "../net/wire";

const KEPT = 64; // columns or scores of all rows; at a million rows one of them has 4 MB

/** What was asked for by its address, as long as it is among the last that were. */
const kept = new Map<string, Promise<ArrayBuffer>>();

function bytes(path: string): Promise<ArrayBuffer> {
  const here = kept.get(path);
  if (here) {
    kept.delete(path);
    kept.set(path, here);
    return here;
  }
  const coming = ask(path).then((answer) => answer.arrayBuffer());
  coming.catch(() => kept.delete(path));
  kept.set(path, coming);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return coming;
}

/** One value of each of n rows: bytes where the data are bytes. */
export async function fetchColumn(index: number, n: number): Promise<Uint8Array | Float32Array> {
  const found = await bytes(`./api/columns/${index}`);
  return found.byteLength === n ? new Uint8Array(found) : new Float32Array(found);
}

export async function fetchRow(row: number): Promise<Float32Array> {
  return new Float32Array(await bytes(`./api/rows/${row}/values`));
}

/** The mean row of each class, then that of all rows: p values each, NaN for a class without rows. */
export async function fetchMeans(p: number): Promise<Float32Array[]> {
  const all = new Float32Array(await bytes("./api/means"));
  return Array.from({ length: all.length / p }, (_, i) => all.subarray(i * p, (i + 1) * p));
}

export interface Components extends ComponentsRecord {
  mean: Float32Array;
  weights: Float32Array[]; // of each component, p values of length 1 together
}

let components: Promise<Components> | null = null;

export function fetchComponents(p: number): Promise<Components> {
  components ??= load(p).catch((error) => {
    components = null;
    throw error;
  });
  return components;
}

async function load(p: number): Promise<Components> {
  const record = (await (await ask("./api/components")).json()) as ComponentsRecord;
  const all = new Float32Array(await bytes("./api/components/basis"));
  const part = (i: number): Float32Array => all.subarray(i * p, (i + 1) * p);
  return {
    ...record,
    mean: part(0),
    weights: Array.from({ length: record.count }, (_, c) => part(c + 1)),
  };
}

/** The score of every row in one component. */
export async function fetchScores(component: number): Promise<Float32Array> {
  return new Float32Array(await bytes(`./api/components/${component}/scores`));
}

/** The nearest of each of the first 1,000 rows among these, `each` for a row, the nearest first. */
export async function fetchNeighbours(rows: number): Promise<{ each: number; of: Uint16Array }> {
  const of = new Uint16Array(await bytes("./api/first/neighbours"));
  return { each: rows === 0 ? 0 : of.length / rows, of };
}
