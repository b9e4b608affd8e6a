// What the gallery shows, and in which order: a choice of rows, a column to sort by, one to group by.

import { chances } from "../../chance";
import type { ColumnValues } from "../../columns";
import { numberText } from "../../columns";
import { binned, byKeys, sortKeys } from "../../order";

export const MODES = ["all", "first", "each"] as const;
export type Mode = (typeof MODES)[number];

export interface Choice {
  /** all rows, the first `count`, or `count` random ones of each class */
  mode: Mode;
  count: number;
  seed: number;
  /** only the class of this code; null for all */
  of: number | null;
  /** a column's id; "" leaves the order of the data */
  sort: string;
  down: boolean;
  /** a column's id; "" for none */
  group: string;
  /** only what is selected */
  only: boolean;
}

export const START: Choice = {
  mode: "all",
  count: 100,
  seed: 2018,
  of: null,
  sort: "",
  down: false,
  group: "",
  only: false,
};

export interface Group {
  title: string;
  count: number;
}

export interface Ordered {
  rows: Uint32Array;
  /** null where nothing is grouped: then all rows are one */
  groups: readonly Group[] | null;
}

export interface Known {
  codes: Uint16Array;
  /** 1 for each row that is filtered out or switched off */
  leftOut: Uint8Array | null;
  selected: Uint8Array;
  sort: ColumnValues | null;
  group: ColumnValues | null;
}

/** The rows that are shown, in their order. */
export function ordered(choice: Choice, known: Known): Ordered {
  let rows = looked(choice, known);
  if (choice.mode === "first") rows = rows.subarray(0, choice.count);
  if (choice.mode === "each") rows = someOfEach(rows, choice, known.codes);
  if (known.sort) rows = byKeys(rows, sortKeys(known.sort, choice.down));
  if (!known.group) return { rows, groups: null };
  const bins = binned(known.group, numberText);
  rows = byKeys(rows, bins.codes);
  return { rows, groups: groupsOf(rows, bins) };
}

/** Those that are not left out, in the order of the data. */
function looked(choice: Choice, { codes, leftOut, selected }: Known): Uint32Array {
  const rows = new Uint32Array(codes.length);
  let count = 0;
  for (let row = 0; row < codes.length; row++) {
    const out = leftOut?.[row] || (choice.only && !selected[row]);
    if (out || (choice.of !== null && codes[row] !== choice.of)) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.subarray(0, count);
}

/** So many random ones of each class, class by class: those of the library's gallery with that seed. */
function someOfEach(rows: Uint32Array, { count, seed }: Choice, codes: Uint16Array): Uint32Array {
  const words = new Uint32Array(chances(seed, codes.length).buffer); // of positive numbers, whose bits sort as they do
  const [low, high] = [0, 1].map((half) =>
    Uint32Array.from(codes, (_, row) => words[2 * row + half] as number),
  );
  const shuffled = byKeys(byKeys(rows, low as Uint32Array), high as Uint32Array);
  const byClass = byKeys(shuffled, Uint32Array.from(codes));
  let [code, place] = [-1, 0];
  return byClass.filter((row) => {
    const own = codes[row] as number;
    place = own === code ? place + 1 : 0;
    code = own;
    return place < count;
  });
}

function groupsOf(rows: Uint32Array, bins: { codes: Uint32Array; names: readonly string[] }): Group[] {
  const groups: Group[] = [];
  let last = -1;
  for (const row of rows) {
    const code = bins.codes[row] as number;
    if (code !== last) groups.push({ title: bins.names[code] ?? "", count: 0 });
    last = code;
    const group = groups.at(-1);
    if (group) group.count += 1;
  }
  return groups;
}

/** The choice for the address; nothing where it is the one at the start. */
export function written(choice: Choice): string | null {
  const parts = Object.entries(choice).filter(([name, value]) => value !== START[name as keyof Choice]);
  return parts.length === 0 ? null : JSON.stringify(Object.fromEntries(parts));
}

/** The choice that an address says; what does not fit is left as at the start. */
export function read(text: string): Choice {
  let said: Partial<Record<keyof Choice, unknown>>;
  try {
    const parsed: unknown = JSON.parse(text);
    said = typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return START; // an address that somebody changed by hand
  }
  const whole = (value: unknown, low: number, other: number): number =>
    Number.isSafeInteger(value) && (value as number) >= low ? (value as number) : other;
  const text_ = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    mode: MODES.find((mode) => mode === said.mode) ?? START.mode,
    count: whole(said.count, 1, START.count),
    seed: whole(said.seed, 0, START.seed),
    of: typeof said.of === "number" ? whole(said.of, 0, 0) : null,
    sort: text_(said.sort),
    down: said.down === true,
    group: text_(said.group),
    only: said.only === true,
  };
}
