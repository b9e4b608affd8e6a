// The lines of a table: in which order they stand, and how their values are written.

import type { TableColumn, TableRecord } from "../../net/wire";

export type Cell = TableRecord["values"][number][number];

export interface Sorting {
  column: number;
  down: boolean;
}

/** The numbers of the lines in that order; lines without a value come last, equal ones stay as they were. */
export function ordered(table: TableRecord, sorting: Sorting | null): Uint32Array {
  const length = table.values[0]?.length ?? 0;
  const lines = Uint32Array.from({ length }, (_, i) => i);
  const values = sorting && table.values[sorting.column];
  if (!values) return lines;
  const sign = sorting.down ? -1 : 1;
  return lines.sort((a, b) => {
    const [one, other] = [values[a] ?? null, values[b] ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || a - b;
    return (one === other ? 0 : one > other ? sign : -sign) || a - b;
  });
}

/** What a click on the head of a column makes of the order: up, down, as it came. */
export function turned(sorting: Sorting | null, column: number): Sorting | null {
  if (sorting?.column !== column) return { column, down: false };
  return sorting.down ? null : { column, down: true };
}

/** A value as it stands in the table: numbers that are measured with five digits that count. */
export function cellText(value: Cell, column: TableColumn, classes: readonly string[]): string {
  if (value === null) return "–";
  if (column.names === "classes" && typeof value === "number") return classes[value] || "no label";
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return String(value);
  const short = Number(value.toPrecision(5));
  return Math.abs(short) >= 1e7 || Math.abs(short) < 1e-4 ? short.toExponential() : String(short);
}
