// Which maps stand beside each other, and what is drawn between them.

import { computed, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { isOver } from "../../net/session";
import type { RunRecord } from "../../net/wire";
import { known } from "../../state";

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

inAddress("maps", {
  write: () => (chosenRuns.value === null ? null : chosenRuns.value.join(".")),
  read: (text) => {
    const ids = text.split(".").map(Number).filter(Number.isInteger);
    if (ids.length > 0) chosenRuns.value = ids.slice(0, MOST);
  },
});
