// What a person may mean by what was typed into the search field. Pure.

import { type Condition, meant, parse, split } from "./filter";
import type { ColumnRecord } from "./net/wire";

export type Suggestion =
  /** go to that row; `id` is its own id, where that was found */
  | { kind: "row"; row: number; id: string }
  /** look only at what this lets through */
  | { kind: "filter"; condition: Condition }
  /** go on typing from here */
  | { kind: "complete"; text: string; column: ColumnRecord }
  /** it means nothing: why */
  | { kind: "wrong"; says: string };

export interface Context {
  n: number;
  classes: readonly string[];
  columns: readonly ColumnRecord[];
  /** rows whose own id holds the text, as the app found them */
  ids: readonly { row: number; id: string }[];
  /** the names in a column of texts; nothing while they are not known */
  namesOf(id: string): readonly string[];
}

const MOST = 8;

const filter = (condition: Condition): Suggestion => ({ kind: "filter", condition });
const label = (name: string): Suggestion => filter({ column: "label", operator: "=", value: name });

export function suggestions(typed: string, context: Context): Suggestion[] {
  const text = typed.trim();
  if (text === "") return context.columns.filter(({ id }) => id !== "instance").map(complete);
  if (split(text)) return conditions(text, context);
  const low = text.toLowerCase();
  const named = (fits: (name: string) => boolean): Suggestion[] =>
    context.classes.filter((name) => name !== "" && fits(name.toLowerCase())).map(label);
  const all: Suggestion[] = [
    ...named((name) => name === low),
    ...rowOf(text, context.n),
    ...named((name) => name !== low && name.startsWith(low)),
    ...context.ids.map(({ row, id }): Suggestion => ({ kind: "row", row, id })),
    ...context.columns
      .filter(({ id, title }) => [id, title].some((name) => name.toLowerCase().startsWith(low)))
      .map(complete),
    ...named((name) => !name.startsWith(low) && name.includes(low)),
  ];
  const found = all.slice(0, MOST);
  if (found.length > 0) return found;
  const says = /^#?\d+$/.test(text)
    ? `There is no row ${text}; the last one is #${context.n - 1}.`
    : `Nothing is called "${text}". Type a number, a label, or a condition such as distance > 60.`;
  return [{ kind: "wrong", says }];
}

function complete(column: ColumnRecord): Suggestion {
  return { kind: "complete", text: `${column.id} ${column.kind === "name" ? "=" : ">"} `, column };
}

function rowOf(text: string, n: number): Suggestion[] {
  const digits = /^#?(\d{1,10})$/.exec(text)?.[1];
  const row = Number(digits);
  return digits !== undefined && row < n ? [{ kind: "row", row, id: "" }] : [];
}

/** The condition that was typed; of texts also those names that begin with what stands there so far. */
function conditions(text: string, context: Context): Suggestion[] {
  const parts = split(text);
  const column = parts ? meant(parts.column, context.columns) : undefined;
  const whole = parse(text, context.columns);
  const found: Suggestion[] = [];
  if (parts && column?.kind === "name" && parts.operator !== "~") {
    const low = parts.value.toLowerCase();
    const names = context.namesOf(column.id).filter((name) => name.toLowerCase().startsWith(low));
    const { operator } = parts;
    found.push(...names.slice(0, MOST).map((value) => filter({ column: column.id, operator, value })));
    if (typeof whole !== "string" && found.length > 0 && !parts.value.includes(",")) return found;
  }
  if (typeof whole !== "string") return [filter(whole), ...found].slice(0, MOST);
  return found.length > 0 ? found : [{ kind: "wrong", says: whole }];
}
