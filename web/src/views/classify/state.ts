// What this tab has chosen in the view: the part that is looked at, a cell, a threshold; and what the app said of the
// model in use.

import { computed, effect, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { modelInUse, models } from "../../models";
import type { JudgedRecord, KindsRecord } from "../../net/wire";
import { dataset, tell } from "../../state";
import { onPage } from "../registry";
import { fetchJudged, fetchKinds, fetchModels, fetchVerdicts } from "./api";
import type { Cell, Verdicts } from "./verdicts";

export const PARTS = [
  "matrix",
  "mistakes",
  "random",
  "threshold",
  "calibration",
  "curve",
  "weights",
] as const;
export type Part = (typeof PARTS)[number];

export const part = signal<Part>("matrix");
/** Shares of the given class in place of counts. */
export const rates = signal(false);
/** The cell whose rows were selected last. */
export const cell = signal<Cell | null>(null);
/** The row whose explanation is to be brought into sight once it is there. */
export const sought = signal<number | null>(null);
/** Which random test rows. */
export const seed = signal(0);
/** The class whose threshold is moved, by code, and where it stands. */
export const threshold = signal<{ code: number; at: number }>({ code: 0, at: 0.5 });

export const kinds = signal<KindsRecord | null>(null);

export interface Judgement {
  model: string;
  judged: JudgedRecord;
  verdicts: Verdicts;
}

const found = signal<Judgement | null>(null);
/** What went wrong with the judging of a model, in a sentence. */
export const trouble = signal<{ model: string; text: string } | null>(null);

/** What is known of the model in use; null while it is on its way. */
export const judgement = computed<Judgement | null>(() =>
  found.value?.model === modelInUse.value?.id ? found.value : null,
);

const inUse = computed(() => modelInUse.value?.id ?? null);

/** Learn what there is, and what the model in use thinks, again whenever that changes; until the function is called. */
export function startJudging(): () => void {
  Promise.all([kinds.peek() ?? fetchKinds(), fetchModels()])
    .then(([there, known]) => {
      kinds.value = there;
      models.value = known;
    })
    .catch((error: Error) => tell("error", error.message));
  return effect(() => {
    const model = inUse.value;
    if (model === null || !dataset.value || found.peek()?.model === model) return;
    cell.value = null;
    trouble.value = null;
    Promise.all([fetchJudged(model), fetchVerdicts(model)])
      .then(([judged, verdicts]) => {
        if (inUse.peek() === model) found.value = { model, judged, verdicts };
      })
      .catch((error: Error) => {
        if (inUse.peek() === model) trouble.value = { model, text: error.message };
      });
  });
}

inAddress("judge", {
  write: () => {
    if (!onPage.value.has("classify")) return null;
    const said = [part.value as string];
    if (part.value === "matrix" && rates.value) said.push("rates");
    if (part.value === "random") said.push(String(seed.value));
    if (part.value === "threshold") said.push(String(threshold.value.code), String(threshold.value.at));
    const text = said.join(".");
    return text === "matrix" ? null : text;
  },
  read: (text) => {
    const [id, ...rest] = text.split(".");
    part.value = PARTS.find((each) => each === id) ?? "matrix";
    rates.value = rest[0] === "rates";
    if (part.value === "random" && /^\d{1,9}$/.test(rest[0] ?? "")) seed.value = Number(rest[0]);
    const at = Number(rest.slice(1).join("."));
    if (part.value === "threshold" && /^\d{1,5}$/.test(rest[0] ?? "") && at >= 0 && at <= 1)
      threshold.value = { code: Number(rest[0]), at };
  },
});
