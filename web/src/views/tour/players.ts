// The runs of Olah's essay: which there are, which run of the session is whose, and how they are started.

import { signal } from "@preact/signals";
import { startAfterOthers } from "../../live";
import { ask } from "../../net/api";
import { decodeFrame, type Frame } from "../../net/frame";
import type { RunRecord } from "../../net/wire";
import { known } from "../../state";

export interface Player {
  id: string;
  method: string;
  dims: 2 | 3;
  title: string;
  /** what it goes by, and what to look for */
  says: string;
  looks: string;
  edges?: boolean; // the graph of neighbours is drawn below the dots
}

export const PRESET = "olah";
export const FIRST_ROWS = 1000;

export const PLAYERS: readonly Player[] = [
  {
    id: "mds2",
    method: "mds",
    dims: 2,
    title: "MDS",
    says: "Every pair tries to be as far apart on the map as in the data.",
    looks:
      "Look for a class that stands by itself while the others run together: keeping far pairs far leaves little room for neighbours.",
  },
  {
    id: "sammon2",
    method: "sammon",
    dims: 2,
    title: "Sammon's mapping",
    says: "As MDS, but an error counts for more where the pair is close.",
    looks:
      "Look for a difference to MDS. There is hardly any: in so many dimensions no pair is close compared with the others.",
  },
  {
    id: "graph2",
    method: "graph",
    dims: 2,
    title: "Graph of neighbours",
    says: "Each row is tied by springs to its three nearest; all others push it away.",
    looks:
      "Look for clusters that slide over each other and get stuck, and for edges across clusters: point at their ends.",
    edges: true,
  },
  {
    id: "tsne2",
    method: "tsne",
    dims: 2,
    title: "t-SNE",
    says: "Who is whose neighbour is kept; how far away the others are is not.",
    looks:
      "Look for clean islands, and for one class in two pieces with another between: a run that could not pass. Start it anew with another seed.",
  },
  {
    id: "graph3",
    method: "graph",
    dims: 3,
    title: "Graph of neighbours",
    says: "The same springs with one more dimension to give way in. Drag turns it.",
    looks: "Look for clusters that pass around each other, which they could not on a plane.",
    edges: true,
  },
  {
    id: "mds3",
    method: "mds",
    dims: 3,
    title: "MDS",
    says: "All distances again, with more room. Drag turns it.",
    looks: "Look for classes that overlap less than on the plane.",
  },
  {
    id: "tsne3",
    method: "tsne",
    dims: 3,
    title: "t-SNE",
    says: "Neighbours again, with more room. Drag turns it.",
    looks: "Look for how little is won: on the plane the neighbours were kept already.",
  },
];

export const isPlayers = (player: Player, run: RunRecord): boolean =>
  run.method === player.method &&
  run.options.preset === PRESET &&
  (run.options.n_components ?? 2) === player.dims;

/** The newest run of that kind, by whichever tab it was asked for. */
export const runOf = (player: Player): RunRecord | undefined =>
  known.value.runs.findLast((run) => isPlayers(player, run));

/** A player that was seen once is not started by itself again. */
const begun = new Set<string>();

/** Start the run of a player that is seen for the first time, and before it those above it, where nobody has. */
export function beginTo(player: Player): void {
  for (const other of PLAYERS.slice(0, PLAYERS.indexOf(player) + 1)) {
    if (begun.has(other.id)) continue;
    begun.add(other.id);
    if (!runOf(other)) begin(other, 0);
  }
}

export function begin(player: Player, seed: number): void {
  begun.add(player.id);
  startAfterOthers(player.method, seed, { preset: PRESET, n_components: player.dims });
}

/** The newest frame of a run, of the rows that the essay laid out; null where there is none yet. */
export async function fetchFirst(run: number): Promise<Frame | null> {
  const answer = await ask(`./api/runs/${run}/frame?first=${FIRST_ROWS}`).catch(() => null);
  return answer ? decodeFrame(await answer.arrayBuffer()) : null;
}

/** The maps of the players whose runs are over, by the player's id. */
export const finished = signal<Readonly<Record<string, Frame>>>({});
