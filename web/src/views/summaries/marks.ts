// What a mark of a chart or a line of a table stands for: one row of the data, or the rows of some classes.

import { type How, keep, select, selectClasses } from "../../selection";
import { hovered } from "../../state";

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

/** A row is kept in the panel, or joins the selection where keys say so; the rows of classes are selected. */
export function follow(meant: Meant, how: How): void {
  if ("row" in meant) {
    if (how === "replace") keep(meant.row);
    else select([meant.row], how, `image ${meant.row} ${how === "add" ? "added" : "removed"}`);
    return;
  }
  selectClasses(meant.codes, how);
}

/** The pointer is over what stands for that; other views show a row as theirs. */
export function hover(meant: Meant | null): void {
  hovered.value = meant && "row" in meant ? meant.row : null;
}
