// Which rows are looked at: conditions on the columns, all of which have to hold. They are in the history and stand in the
// address. Classes that the legend switched off are left out besides.

import { computed, signal } from "@preact/signals";
import { inAddress } from "./address";
import { type ColumnValues, columnOf, columns, columnValues, numberText } from "./columns";
import { act, inHistory } from "./history";
import { hiddenFlags } from "./legend";
import type { ColumnRecord } from "./net/wire";
import { codes, dataset } from "./state";

export const OPERATORS = ["<=", ">=", "!=", "=", "<", ">", "~"] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  /** The column's id. */
  column: string;
  operator: Operator;
  /** As it was typed: a number, `50..60`, or names with commas between them. */
  value: string;
}

const SIGNS: Record<Operator, string> = {
  "<=": "≤",
  ">=": "≥",
  "!=": "≠",
  "=": "=",
  "<": "<",
  ">": ">",
  "~": "contains",
};

export const filters = inHistory(signal<readonly Condition[]>([]));

/** `distance > 60` as a condition; null for anything else. */
export function split(text: string): Condition | null {
  const parts = /^\s*([^<>=!~≤≥≠]+?)\s*(<=|>=|!=|≤|≥|≠|=|<|>|~)\s*(.*?)\s*$/.exec(text);
  if (!parts?.[1] || !parts[2]) return null;
  const operator = ({ "≤": "<=", "≥": ">=", "≠": "!=" }[parts[2]] ?? parts[2]) as Operator;
  return { column: parts[1], operator, value: parts[3] ?? "" };
}

/** The column that a person means: by its id or title, or by what one of them alone begins with. */
export function meant(name: string, known: readonly ColumnRecord[]): ColumnRecord | undefined {
  const wanted = name.trim().toLowerCase();
  const names = (column: ColumnRecord): string[] => [column.id.toLowerCase(), column.title.toLowerCase()];
  const exact = known.find((column) => names(column).includes(wanted));
  if (exact || wanted === "") return exact;
  const begins = known.filter((column) => names(column).some((each) => each.startsWith(wanted)));
  return begins.length === 1 ? begins[0] : undefined;
}

/** A condition on a column that there is, or the sentence that says what is wrong. */
export function parse(text: string, known: readonly ColumnRecord[]): Condition | string {
  const found = split(text);
  if (!found) return "Type a condition such as distance > 60.";
  const column = meant(found.column, known);
  if (!column) {
    return `There is no column "${found.column}". There is: ${known.map((each) => each.title).join(", ")}.`;
  }
  const condition = { ...found, column: column.id };
  return wrong(condition, column) || condition;
}

function wrong(condition: Condition, column: ColumnRecord): string {
  if (condition.value === "") return `Type what ${column.title} is compared with.`;
  if (column.kind === "name") {
    const fits = ["=", "!=", "~"].includes(condition.operator);
    return fits ? "" : `${column.title} is text: use =, != or ~ (contains).`;
  }
  if (condition.operator === "~") return `${column.title} is a number: use <, >, = or 50..60.`;
  const several = condition.operator === "=" || condition.operator === "!=";
  const ends = several ? condition.value.split("..") : [condition.value];
  const fine = ends.length <= 2 && ends.every((end) => end.trim() !== "" && Number.isFinite(Number(end)));
  return fine ? "" : `${column.title} is a number; "${condition.value}" is none.`;
}

export function conditionText({ column, operator, value }: Condition): string {
  const title = columnOf(column)?.title ?? column;
  return `${title} ${SIGNS[operator]} ${value.replace("..", " to ").replace(/,(?=\S)/g, ", ")}`;
}

/** 1 for each row for which the condition does not hold; a missing value fails every one but ≠. */
export function failing(condition: Condition, column: ColumnValues): Uint8Array {
  if (column.kind === "name") {
    const keeps = column.names.map((name) => holdsForName(condition, name));
    return Uint8Array.from(column.codes, (code) => (keeps[code] ? 0 : 1));
  }
  const holds = testOf(condition);
  return Uint8Array.from(column.values, (value) => (holds(value) ? 0 : 1));
}

function holdsForName({ operator, value }: Condition, name: string): boolean {
  const said = name.toLowerCase();
  if (operator === "~") return said.includes(value.toLowerCase());
  const whole = value.toLowerCase();
  const among = said === whole || whole.split(",").some((each) => each.trim() === said);
  return operator === "!=" ? !among : among;
}

function testOf({ operator, value }: Condition): (number: number) => boolean {
  const ends = value.split("..").map((end) => Math.fround(Number(end)));
  const [low = Number.NaN, high = low] = ends;
  switch (operator) {
    case "<":
      return (number) => number < low;
    case "<=":
      return (number) => number <= low;
    case ">":
      return (number) => number > low;
    case ">=":
      return (number) => number >= low;
    case "!=":
      return (number) => !(number >= low && number <= high);
    default:
      return (number) => number >= low && number <= high;
  }
}

/** What was found out once for a condition over these values. */
const known = new WeakMap<Condition, { over: ColumnValues; flags: Uint8Array }>();

function flagsOf(condition: Condition, values: ColumnValues): Uint8Array {
  const before = known.get(condition);
  if (before?.over === values) return before.flags;
  const flags = failing(condition, values);
  known.set(condition, { over: values, flags });
  return flags;
}

/** Conditions whose values are still on their way; until then they leave nothing out. */
export const pending = computed(() =>
  filters.value.filter(({ column }) => exists(column) && columnValues(column).value === null),
);

const exists = (id: string): boolean => columns.value.some((column) => column.id === id);

/** 1 for each row that the filters leave out, (n,); null where there is no filter. */
export const filteredOut = computed<Uint8Array | null>(() => {
  let out: Uint8Array | null = null;
  for (const condition of filters.value) {
    if (!exists(condition.column)) continue;
    const values = columnValues(condition.column).value;
    if (!values) continue;
    const flags = flagsOf(condition, values);
    if (out === null) out = flags.slice();
    else for (let row = 0; row < out.length; row++) out[row] = (out[row] as number) | (flags[row] as number);
  }
  return out;
});

/** 1 for each row that is not looked at: filtered out, or of a class that is switched off. Null where all are. */
export const leftOut = computed<Uint8Array | null>(() => {
  const out = filteredOut.value;
  const hidden = hiddenFlags.value;
  if (!hidden.includes(1)) return out;
  const rows = codes.value;
  const flags = out ? out.slice() : new Uint8Array(rows.length);
  for (let row = 0; row < rows.length; row++) if (hidden[rows[row] as number]) flags[row] = 1;
  return flags;
});

/** How many rows are looked at. */
export const lookedAt = computed(() => {
  const n = dataset.value?.n ?? 0;
  let out = 0;
  for (const flag of leftOut.value ?? []) out += flag;
  return n - out;
});

export function addFilter(condition: Condition): void {
  const same = (other: Condition): boolean => written(other) === written(condition);
  if (filters.value.some(same)) return;
  act(`filter: ${conditionText(condition)}`, () => {
    filters.value = [...filters.value, condition];
  });
}

export function removeFilter(condition: Condition): void {
  act(`removed the filter ${conditionText(condition)}`, () => {
    filters.value = filters.value.filter((other) => other !== condition);
  });
}

export function removeAllFilters(): void {
  act("removed all filters", () => {
    filters.value = [];
  });
}

/** What would be typed for it. */
export const written = ({ column, operator, value }: Condition): string => `${column}${operator}${value}`;

/** The least and the greatest value of a column of numbers, in words. */
export function rangeText(column: ColumnValues): string {
  if (column.kind === "name") return "";
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? "" : `${numberText(low)} to ${numberText(high)}`;
}

inAddress("filter", {
  write: () => (filters.value.length === 0 ? null : JSON.stringify(filters.value.map(written))),
  read: (text) => {
    filters.value = read(text);
  },
});

export function read(text: string): Condition[] {
  try {
    const said: unknown = JSON.parse(text);
    if (!Array.isArray(said)) return [];
    return said.map((each) => split(String(each))).filter((each) => each !== null);
  } catch {
    return []; // an address that somebody changed by hand
  }
}
