// Which maps and which other views stand beside each other, and what is drawn between the maps.

import { computed, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { act, inHistory } from "../../history";
import { keptOf, runOf, said } from "../../kept";
import { runBeside } from "../../live";
import { isOver } from "../../net/session";
import type { RunRecord } from "../../net/wire";
import { known, shown } from "../../state";
import { look, VIEWS, type ViewDeclaration, viewOf } from "../registry";
import type { Content, Name } from "./contents";
import * as contents from "./contents";

/** What was put into the panes, in their order; null: the newest two runs. */
export const chosen = inHistory(signal<readonly Content[] | null>(null));
/** Draw from where the first map had them to where each other map has them. */
export const arrows = signal(false);
/** The cameras move together. */
export const linked = signal(true);
/** The view, of those in the panes, that a hand or the keys were in last. */
export const attended = signal<string | null>(null);

const shows = (run: RunRecord): boolean => run.step > 0 || isOver(run);

export type InPane = { run: RunRecord } | { view: ViewDeclaration };

const now = computed<readonly Content[]>(() => {
  const runs = known.value.runs;
  return (
    chosen.value ??
    runs
      .filter(shows)
      .slice(-2)
      .map((run) => run.id)
  );
});

/** What there is of what was chosen. */
export const panes = computed<readonly InPane[]>(() =>
  now.value.flatMap((content): InPane[] => {
    if (typeof content === "number") {
      const run = known.value.runs.find(({ id }) => id === content);
      return run ? [{ run }] : [];
    }
    const view = viewOf(content);
    return view?.besideOthers ? [{ view }] : [];
  }),
);

/** The maps among them, in their order: the others are laid over the first. */
export const maps = computed<readonly RunRecord[]>(() =>
  panes.value.flatMap((pane) => ("run" in pane ? [pane.run] : [])),
);
export const views = computed<readonly ViewDeclaration[]>(() =>
  panes.value.flatMap((pane) => ("view" in pane ? [pane.view] : [])),
);

export const contentOf = (pane: InPane): Content => ("run" in pane ? pane.run.id : pane.view.id);
const there = (): readonly Content[] => panes.value.map(contentOf);

/** The views that can stand in that pane: those that stand in no other. */
export const viewsFor = (at: number): readonly ViewDeclaration[] =>
  VIEWS.filter((view) => view.besideOthers && !contents.isElsewhere(there(), at, view.id));

/** Whether the first map and the others have as many dimensions, so that one can be laid over the other. */
export const comparable = computed(() => new Set(maps.value.map(dimsOf)).size < 2);

export const dimsOf = (run: RunRecord): number => Number(run.options.n_components ?? 2);

export function put(at: number, content: Content): void {
  change("another one in a pane", (now) => contents.put(now, at, content));
}

export function addMap(): void {
  const runs = known.value.runs.filter(shows).map((run) => run.id);
  change("one more map", (now) => contents.more(now, runs));
}

/** One more view: the first in the rail that is not here. */
export function addView(): void {
  const free = viewsFor(-1).map((view) => view.id);
  change("one more view", (now) => contents.more(now, free.reverse()));
}

export function remove(at: number): void {
  change("a pane taken away", (now) => contents.without(now, at));
}

/** Put other contents into the panes, as a step that can be undone. What nobody chose yet is chosen by it. */
export function change(says: string, next: (now: readonly Content[]) => readonly Content[]): void {
  const after = next(there());
  if (chosen.peek()?.join() === after.join()) return;
  act(says, () => {
    chosen.value = after;
  });
}

/** Lay a kept map beside the one that is shown; beside the newest other one where it is that one. */
export async function compareWith(kept: string): Promise<void> {
  const run = await runBeside(() => runOf(kept));
  const others = known.value.runs.filter((other) => other.id !== run && shows(other));
  const beside = others.find((other) => other.id === shown.value?.run) ?? others.at(-1);
  change("a kept map beside another", () => (beside ? [beside.id, run] : [run]));
  look("compare");
}

function nameOf(content: Content): Name {
  if (typeof content === "string") return { view: content };
  const kept = keptOf(known.value.runs.find((run) => run.id === content));
  return kept ? { kept: kept.id } : { run: content };
}

inAddress("maps", {
  write: () => chosen.value?.map(nameOf).map(contents.written).join(".") ?? null,
  read: (text) => said(restore(contents.read(text))),
});

async function restore(names: readonly Name[]): Promise<void> {
  const found: Content[] = [];
  for (const name of names) {
    if ("view" in name) found.push(name.view);
    else if ("run" in name) found.push(name.run);
    else {
      // What is no longer kept leaves its place to the others.
      const id = await runBeside(() => runOf(name.kept)).catch(() => null);
      if (id !== null) found.push(id);
    }
  }
  if (found.length > 0) chosen.value = found;
}
