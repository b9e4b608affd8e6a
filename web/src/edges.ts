// Whether the graph of neighbours is drawn on the maps, and in which space its neighbours are near.

import { computed, signal } from "@preact/signals";
import { inAddress } from "./address";
import { count } from "./format";
import { type Graph, MOST_EDGES } from "./map/edges";
import { ask } from "./net/api";
import type { RunRecord } from "./net/wire";
import { codes, dataset, rowsNoun, shownRun, tell } from "./state";

const EACH = 3; // as in Olah's graph
const USUAL = 50; // components: where maps are judged whose method looks into no space of its own

export const edgesShown = signal(false);

const fetched = signal<ReadonlyMap<number, Graph>>(new Map());
const asked = new Set<number>();

/** The leading components in which the neighbours of that map are near; 0: the values as they are. */
export function spaceOf(run: Pick<RunRecord, "options"> | undefined, p: number): number {
  const space = run?.options.space;
  const wanted = space === undefined ? USUAL : Number(space ?? 0);
  return wanted >= p ? 0 : wanted;
}

/** The edges that are drawn on the map of that run; null where none are wanted, or they are on their way. */
export function edgesOf(run: RunRecord | undefined): Graph | null {
  if (!edgesShown.value || !run) return null;
  const space = spaceOf(run, dataset.value?.p ?? 0);
  if (!asked.has(space)) void load(space);
  return fetched.value.get(space) ?? null;
}

const space = computed(() => spaceOf(shownRun.value, dataset.value?.p ?? 0));

/** Those of the map that is shown. */
export const edges = computed<Graph | null>(() => edgesOf(shownRun.value));

const sameClass = computed(() => {
  const graph = edges.value;
  if (!graph || (dataset.value?.classes.length ?? 0) < 2) return null;
  const { neighbours, each } = graph;
  let same = 0;
  for (let at = 0; at < neighbours.length; at++) {
    if (codes.value[neighbours[at] as number] === codes.value[Math.floor(at / each)]) same += 1;
  }
  return same / Math.max(1, neighbours.length);
});

/** What the edges are, in words. */
export const edgesSay = computed(() => {
  if (!edgesShown.value) return "";
  const graph = edges.value;
  const raw = dataset.value?.image_shape ? "pixels" : "raw values";
  const where = space.value === 0 ? `the ${raw}` : `${space.value} components`;
  if (!graph) return `Finding the ${EACH} nearest of all ${rowsNoun.value} in ${where}…`;
  const all = graph.neighbours.length;
  const part = all > MOST_EDGES ? `${count(MOST_EDGES)} of ${count(all)} edges` : `${count(all)} edges`;
  const same = sameClass.value === null ? "" : ` ${(100 * sameClass.value).toFixed(1)} % stay in one class.`;
  return `${part}: to the ${graph.each} nearest in ${where}.${same}`;
});

export function toggleEdges(): void {
  edgesShown.value = !edgesShown.value;
}

export function startEdges(): void {
  inAddress("edges", {
    write: () => (edgesShown.value ? "1" : null),
    read: (text) => {
      edgesShown.value = text === "1";
    },
  });
}

async function load(of: number): Promise<void> {
  asked.add(of);
  try {
    const answer = await ask(`./api/edges?space=${of}`);
    const neighbours = new Uint32Array(await answer.arrayBuffer());
    const each = Math.round(neighbours.length / (dataset.peek()?.n ?? 1));
    fetched.value = new Map(fetched.peek()).set(of, { neighbours, each });
  } catch (error) {
    asked.delete(of);
    edgesShown.value = false;
    tell("warning", error instanceof Error ? error.message : String(error));
  }
}
