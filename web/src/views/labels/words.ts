// Decisions and lists in words.

import type { DecisionRecord } from "../../net/wire";
import { className } from "../../state";
import type { ListId, Shown } from "./choice";

/** What was decided, as short as it fits in a list. */
export function badge(record: DecisionRecord): string {
  switch (record.decision) {
    case "relabel":
      return `→ ${className(record.label ?? "")}`;
    case "keep":
      return "kept";
    case "exclude":
      return "left out";
    default:
      return record.decision;
  }
}

/** The same as a sentence. */
export function sentence(record: DecisionRecord): string {
  const by = record.blind ? "By a second opinion" : "Decided";
  const said = {
    relabel: `it is ${className(record.label ?? "")}`,
    keep: "the label stays",
    ambiguous: "no label is right",
    exclude: "it is left out",
    later: "later",
  }[record.decision];
  return `${by}: ${said}.`;
}

/** How far two opinions go together. */
export function opinions(record: DecisionRecord): string {
  if (record.second === null || record.blind) return "";
  const first =
    record.decision === "relabel" ? record.label : record.decision === "keep" ? record.given : null;
  const same = first === record.second || `(${record.decision})` === record.second;
  return same ? "A second opinion says the same." : `A second opinion says ${record.second}.`;
}

export const LIST_NAMES: Record<ListId, string> = {
  suspects: "Labels, worst first",
  duplicates: "Duplicates",
  outliers: "Outliers",
  ambiguous: "Between two classes",
  blank: "Blank or inverted",
  classes: "Classes: errors, overlaps",
};

export const SHOWN_NAMES: Record<Shown, string> = {
  all: "all",
  issues: "probably wrong",
  open: "not decided yet",
  decided: "decided",
};

export const BY_NAMES: Record<string, string> = {
  combined: "all evidence",
  model: "the model",
  neighbours: "the neighbours",
  centroid: "the centroids",
};

/** A probability in as few digits as tell it apart from 0 and 1. */
export function chance(value: number): string {
  if (value >= 0.1) return value.toFixed(2).replace(/^0/, "");
  return value < 0.0005 ? "<.001" : value.toFixed(3).replace(/^0/, "");
}
