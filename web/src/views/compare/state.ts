// Which maps stand beside each other, and what is drawn between them.

import { computed, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { keptOf, runOf, said } from "../../kept";
import { runBeside } from "../../live";
import { isOver } from "../../net/session";
import type { RunRecord } from "../../net/wire";
import { known, shown } from "../../state";
import { look } from "../registry";

export const MOST = 6;

/** The runs in the panes, by id, in their order; null: the newest two. */
export const chosenRuns = signal<readonly number[] | null>(null);
/** Draw from where the first map had them to where each other map has them. */
export const arrows = signal(false);
/** The cameras move together. */
export const linked = signal(true);

const shows = (run: RunRecord): boolean => run.step > 0 || isOver(run);

export const panes = computed<readonly RunRecord[]>(() => {
  const { runs } = known.value;
  const asked = chosenRuns.value;
  if (asked === null) return runs.filter(shows).slice(-2);
  return asked.map((id) => runs.find((run) => run.id === id)).filter((run) => run !== undefined);
});

/** Whether the first map and the others have as many dimensions, so that one can be laid over the other. */
export const comparable = computed(() => new Set(panes.value.map(dimsOf)).size < 2);

export const dimsOf = (run: RunRecord): number => Number(run.options.n_components ?? 2);

export function put(at: number, id: number): void {
  chosenRuns.value = panes.value.map((run, i) => (i === at ? id : run.id));
}

export function add(): void {
  const here = new Set(panes.value.map((run) => run.id));
  const next = [...known.value.runs].reverse().find((run) => !here.has(run.id) && shows(run));
  const id = next?.id ?? panes.value.at(-1)?.id;
  if (id !== undefined && panes.value.length < MOST)
    chosenRuns.value = [...panes.value.map((run) => run.id), id];
}

export function remove(at: number): void {
  chosenRuns.value = panes.value.filter((_, i) => i !== at).map((run) => run.id);
}

/** Lay a kept map beside the one that is shown; beside the newest other one where it is that one. */
export async function compareWith(kept: string): Promise<void> {
  const run = await runBeside(() => runOf(kept));
  const others = known.value.runs.filter((other) => other.id !== run && shows(other));
  const beside = others.find((other) => other.id === shown.value?.run) ?? others.at(-1);
  chosenRuns.value = beside ? [beside.id, run] : [run];
  look("compare");
}

const KEPT = "k";

/** A run in the address: by its number, or where its map is kept by that, which outlives the program. */
function written(id: number): string {
  const kept = keptOf(known.value.runs.find((run) => run.id === id));
  return kept ? KEPT + kept.id : String(id);
}

inAddress("maps", {
  write: () => chosenRuns.value?.map(written).join(".") ?? null,
  read: (text) => said(restore(text.split(".").slice(0, MOST))),
});

async function restore(names: readonly string[]): Promise<void> {
  const runs: number[] = [];
  for (const name of names) {
    // What is no longer kept leaves its place to the others.
    const id = name.startsWith(KEPT)
      ? await runBeside(() => runOf(name.slice(KEPT.length))).catch(() => Number.NaN)
      : Number(name || "?");
    if (Number.isInteger(id)) runs.push(id);
  }
  if (runs.length > 0) chosenRuns.value = runs;
}
