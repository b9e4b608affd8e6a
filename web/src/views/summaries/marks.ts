// What a mark of a chart or a line of a table stands for: one row of the data, or the rows of some classes.

import { type How, keep, select } from "../../selection";
import { className, codes, dataset, hovered, rowsNoun } from "../../state";

export type Meant = { row: number } | { codes: readonly number[] };

/** Charts say it in their data: `instance` is a row's number from 1, `codes` are classes. Null: it stands for neither. */
export function meantBy(datum: unknown): Meant | null {
  if (typeof datum !== "object" || datum === null) return null;
  const { instance, codes: classes } = datum as { instance?: unknown; codes?: unknown };
  if (Number.isSafeInteger(instance) && (instance as number) > 0) return { row: (instance as number) - 1 };
  if (Array.isArray(classes) && classes.length > 0 && classes.every(Number.isSafeInteger)) {
    return { codes: classes as number[] };
  }
  return null;
}

/** The rows of those classes, ascending. */
export function rowsOf(classes: readonly number[], of: ArrayLike<number>): Uint32Array {
  const found = [];
  for (let row = 0; row < of.length; row++) if (classes.includes(of[row] as number)) found.push(row);
  return Uint32Array.from(found);
}

/** A row is kept in the panel, or joins the selection where keys say so; the rows of classes are selected. */
export function follow(meant: Meant, how: How): void {
  if ("row" in meant) {
    if (how === "replace") keep(meant.row);
    else select([meant.row], how, `image ${meant.row} ${how === "add" ? "added" : "removed"}`);
    return;
  }
  const names = meant.codes.map((code) => className(dataset.peek()?.classes[code]));
  select(rowsOf(meant.codes, codes.peek()), how, `${rowsNoun.peek()} of ${names.join(" and ")}`);
}

/** The pointer is over what stands for that; other views show a row as theirs. */
export function hover(meant: Meant | null): void {
  hovered.value = meant && "row" in meant ? meant.row : null;
}
