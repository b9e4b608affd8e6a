// What this tab looks at: which list, which of its images, and what is typed for the decision.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { inAddress } from "../../address";
import { type Decision, decide, decided, steppedBack } from "../../decisions";
import type { EvidenceRecord, Finding } from "../../net/wire";
import { dataset, labelsHidden, tell } from "../../state";
import { viewId } from "../registry";
import { details, fetchEvidence, loadDetails, ranked } from "./ranked";

export const LISTS = ["suspects", "duplicates", "outliers", "ambiguous", "blank", "classes"] as const;
export type ListId = (typeof LISTS)[number];
export const SHOWN = ["all", "issues", "open", "decided"] as const;
export type Shown = (typeof SHOWN)[number];

export const list = signal<ListId>("suspects");
export const shown = signal<Shown>("all");
/** The row whose label is judged now. */
export const current = signal<number | null>(null);
/** A second opinion: the given label is hidden, and what is decided is kept beside what was decided before. */
export const blind = signal(false);
export const note = signal("");

/** Whether that image has been judged, in the way that is asked for now. */
export function judged(row: number): boolean {
  const record = decided.value.get(row);
  if (!record) return false;
  return blind.value ? record.second !== null : !record.blind && record.decision !== "later";
}

/** The places in the ranking that are listed, worst first. */
export const places = computed<Uint32Array>(() => {
  const found = ranked.value;
  if (!found) return new Uint32Array();
  const { rows, issue } = found;
  const all = Uint32Array.from(rows.keys());
  switch (shown.value) {
    case "all":
      return all;
    case "issues":
      return all.filter((place) => issue[place] === 1);
    case "open":
      return all.filter((place) => !judged(rows[place] as number));
    case "decided":
      return all.filter((place) => decided.value.has(rows[place] as number));
  }
});

export const findings = computed<readonly Finding[]>(() => {
  const id = list.value;
  if (id === "suspects" || id === "classes") return [];
  return details.value?.[id].worst ?? [];
});

/** The rows that are listed, in their order: of two that are the same, the first. */
export const listed = computed<Uint32Array>(() => {
  if (list.value !== "suspects") return Uint32Array.from(findings.value, (one) => one.rows[0] as number);
  const rows = ranked.value?.rows;
  return rows ? places.value.map((place) => rows[place] as number) : new Uint32Array();
});

/** Where in the list the current image stands; for the second of a pair, where the pair does. */
export const at = computed(() => {
  const row = current.value;
  if (row === null) return -1;
  if (list.value === "suspects") return listed.value.indexOf(row);
  return findings.value.findIndex((one) => one.rows.includes(row));
});

export function choose(row: number | null): void {
  if (row === current.peek()) return;
  batch(() => {
    current.value = row;
    note.value = decided.peek().get(row ?? -1)?.note ?? "";
  });
}

export function move(step: 1 | -1): void {
  const rows = listed.peek();
  if (rows.length === 0) return;
  const next = Math.max(0, Math.min(rows.length - 1, at.peek() + step));
  choose(rows[at.peek() < 0 ? 0 : next] ?? null);
}

/** The other one of a pair, or the next of several. */
export function moveWithin(step: 1 | -1): void {
  const rows = findings.peek()[at.peek()]?.rows ?? [];
  choose(rows[rows.indexOf(current.peek() ?? -1) + step] ?? current.peek());
}

export function chooseList(id: ListId): void {
  list.value = id;
}

/** What is suggested for the current image, by name; null where nothing is ranked or it has that label. */
export const suggestion = computed<string | null>(() => {
  const found = ranked.value;
  const place = found?.places[current.value ?? -1] ?? -1;
  if (!found || place < 0 || found.suggested[place] === found.given[place]) return null;
  return dataset.value?.classes[found.suggested[place] as number] ?? null;
});

/** Decide about the current image and go on to the next. */
export function judge(decision: Decision, label: string | null = null): void {
  const row = current.peek();
  if (row === null) return;
  const rows = listed.peek();
  const here = at.peek();
  const next = rows[here + 1] ?? null;
  const said = { label, note: note.peek().trim(), blind: blind.peek() };
  decide([row], decision, said);
  note.value = "";
  if (here < 0) return;
  if (next === null) tell("info", "That was the last of this list.");
  else choose(next);
}

export function takeSuggestion(): void {
  if (suggestion.peek() !== null && !blind.peek()) judge("relabel", suggestion.peek());
}

/** What was decided and undone is looked at again, so that one sees what was undone. */
export function startChoice(): () => void {
  steppedBack.value = null;
  const stops = [
    effect(() => {
      labelsHidden.value = blind.value && viewId.value === "labels";
    }),
    effect(() => {
      if (list.value !== "suspects" && ranked.value) void loadDetails();
    }),
    effect(() => {
      if (listed.value.length > 0 && current.value === null) choose(listed.value[0] ?? null);
    }),
    effect(() => {
      const row = steppedBack.value?.row;
      if (row !== undefined) untracked(() => choose(row));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    labelsHidden.value = false;
  };
}

/** The evidence about the current image; null while it is on its way. */
export const evidence = signal<EvidenceRecord | null>(null);

export function startEvidence(): () => void {
  return effect(() => {
    const row = current.value;
    if (row === null || !ranked.value) return undefined;
    const leave = new AbortController();
    fetchEvidence(row, leave.signal)
      .then((found) => {
        evidence.value = found;
      })
      .catch((error: Error) => {
        if (!leave.signal.aborted) tell("warning", error.message);
      });
    return () => leave.abort();
  });
}

inAddress("labels", {
  write: () => {
    if (viewId.value !== "labels") return null;
    return [list.value, shown.value, current.value ?? ""].join(".");
  },
  read: (text) => {
    const [id, which, row] = text.split(".");
    if (LISTS.some((each) => each === id)) list.value = id as ListId;
    if (SHOWN.some((each) => each === which)) shown.value = which as Shown;
    if (row && /^\d{1,9}$/.test(row)) current.value = Number(row);
  },
});
