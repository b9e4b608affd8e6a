// What is known of each row beside its image: its label, its split, its distance to the centroid. The list comes with the
// data; the values of a column come when they are first needed, and stay.

import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { onReadyModels } from "./models";
import { ask } from "./net/api";
import type { ColumnRecord, ColumnsRecord } from "./net/wire";
import { className, codes, dataset, tell } from "./state";

/** One number a row, NaN where there is none. */
export interface Numbers {
  kind: "number";
  values: Float32Array;
}

/** One text a row: the code of it among `names`, which are in order. */
export interface Names {
  kind: "name";
  codes: Uint16Array | Uint32Array;
  names: readonly string[];
}

export type ColumnValues = Numbers | Names;

export const LABEL = "label";

/** Every column that the data have. */
export const columns = signal<readonly ColumnRecord[]>([]);

export const columnOf = (id: string): ColumnRecord | undefined =>
  columns.value.find((column) => column.id === id);

const found = new Map<string, Signal<ColumnValues | null>>();
const loading = new Map<string, Promise<ColumnValues>>();

/** The labels are here already. */
const labels = computed<Names>(() => ({
  kind: "name",
  codes: codes.value,
  names: [...(dataset.value?.classes ?? []), ""].map(className),
}));

/** The values of a column; null while they are on their way, which looking at them sets off. */
export function columnValues(id: string): ReadonlySignal<ColumnValues | null> {
  if (id === LABEL) return labels;
  let values = found.get(id);
  if (!values) {
    values = signal<ColumnValues | null>(null);
    found.set(id, values);
    loadColumn(id).catch((error: Error) => tell("warning", error.message));
  }
  return values;
}

/** The same for whoever can wait. A failure is told to all who wait, and asked for again the next time. */
export async function loadColumn(id: string): Promise<ColumnValues> {
  if (id === LABEL) return labels.value;
  let coming = loading.get(id);
  const here = found.get(id)?.value;
  if (here && !coming) return here;
  if (!coming) {
    coming = fetchColumn(id);
    loading.set(id, coming);
  }
  try {
    const values = await coming;
    const place = found.get(id) ?? signal<ColumnValues | null>(null);
    found.set(id, place);
    place.value = values;
    return values;
  } catch (error) {
    found.delete(id);
    throw error;
  } finally {
    if (loading.get(id) === coming) loading.delete(id);
  }
}

async function fetchColumn(id: string): Promise<ColumnValues> {
  await listed;
  return fetchValues(id);
}

async function fetchValues(id: string): Promise<ColumnValues> {
  const kind = columnOf(id)?.kind;
  if (!kind) throw new Error(`These data have no column "${id}".`);
  const path = `./api/table/${encodeURIComponent(id)}`;
  const bytes = await (await ask(path)).arrayBuffer();
  const n = dataset.value?.n ?? 0;
  if (bytes.byteLength !== 4 * n) {
    throw new Error(`The app sent ${bytes.byteLength} bytes for a column of ${n} rows. Reload the page.`);
  }
  if (kind === "number") return { kind, values: new Float32Array(bytes) };
  const names = (await (await ask(`${path}/names`)).json()) as string[];
  return { kind, codes: new Uint32Array(bytes), names };
}

/** What stands in a column for that row, in words; nothing while it is not known. */
export function valueText(values: ColumnValues | null, row: number): string {
  if (values === null) return "";
  if (values.kind === "name") return values.names[values.codes[row] ?? -1] ?? "";
  const value = values.values[row] ?? Number.NaN;
  return Number.isNaN(value) ? "–" : numberText(value);
}

/** Whole numbers as they are, others with four digits that count. */
export const numberText = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));

let listed: Promise<void> = Promise.resolve();

/** There are other columns, or others' values. */
export function columnsChanged(): void {
  if (dataset.peek()) listed = learn();
}

/** The values before stay until the new ones are there. */
async function renew(id: string): Promise<void> {
  const coming = fetchValues(id);
  loading.set(id, coming);
  try {
    const values = await coming;
    const place = found.get(id);
    if (place && loading.get(id) === coming) place.value = values;
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
  } finally {
    if (loading.get(id) === coming) loading.delete(id);
  }
}

/** Learn the list of columns once the data are there, and again when there are other models, which have some as well. */
export function startColumns(): void {
  effect(() => {
    if (dataset.value) listed = learn();
  });
  let before = "";
  onReadyModels((ids) => {
    if (ids !== before) columnsChanged();
    before = ids;
  });
}

async function learn(): Promise<void> {
  try {
    const answer = await ask("./api/table");
    const before = new Map(columns.peek().map(({ id, version }) => [id, version]));
    columns.value = ((await answer.json()) as ColumnsRecord).columns;
    for (const { id, version } of columns.value)
      if (found.has(id) && before.get(id) !== version) void renew(id);
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
  }
}
