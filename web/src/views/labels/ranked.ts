// The ranking as it came, and what was found beside it.

import { computed, effect, signal } from "@preact/signals";
import { ask } from "../../net/api";
import type { DetailsRecord, EvidenceRecord, RankingRecord } from "../../net/wire";
import { dataset, ranking, tell } from "../../state";

/** The ranked images, worst first. */
export interface Ranked {
  number: number;
  rows: Uint32Array;
  /** how probable the given label is */
  quality: Float32Array;
  given: Uint16Array;
  suggested: Uint16Array;
  issue: Uint8Array;
  /** the place of each row in it, -1 where it is not ranked */
  places: Int32Array;
}

export const ranked = signal<Ranked | null>(null);
export const details = signal<DetailsRecord | null>(null);

export function unpacked(bytes: ArrayBuffer, number: number, n: number): Ranked {
  const count = bytes.byteLength / 13;
  if (!Number.isInteger(count)) throw new Error("The app sent a ranking that was cut off. Reload the page.");
  const rows = new Uint32Array(bytes, 0, count);
  const places = new Int32Array(n).fill(-1);
  rows.forEach((row, place) => {
    places[row] = place;
  });
  return {
    number,
    rows,
    quality: new Float32Array(bytes, 4 * count, count),
    given: new Uint16Array(bytes, 8 * count, count),
    suggested: new Uint16Array(bytes, 10 * count, count),
    issue: new Uint8Array(bytes, 12 * count, count),
    places,
  };
}

/** How many of the ranked labels are probably wrong. */
export const issues = computed(() => ranked.value?.issue.reduce((sum, each) => sum + each, 0) ?? 0);

const say = (error: unknown): void => tell("error", error instanceof Error ? error.message : String(error));

/** Follow the ranking that is there; one that was kept is shown without being asked for. Until called again. */
export function follow(): () => void {
  if (ranking.peek() === null) void rank({ kept: true });
  return effect(() => {
    const now = ranking.value;
    if (!now || now.number === 0 || ranked.peek()?.number === now.number) return;
    void load(now.number);
  });
}

async function load(number: number): Promise<void> {
  try {
    const bytes = await (await ask("./api/ranking/rows")).arrayBuffer();
    if (ranking.peek()?.number !== number) return;
    details.value = null;
    ranked.value = unpacked(bytes, number, dataset.peek()?.n ?? 0);
  } catch (error) {
    say(error);
  }
}

let asking = 0;

/** What else was found; asked for when it is first looked at. */
export async function loadDetails(): Promise<void> {
  const number = ranked.peek()?.number;
  if (!number || details.peek() || asking === number) return;
  asking = number;
  try {
    const found = (await (await ask("./api/ranking/details")).json()) as DetailsRecord;
    if (ranked.peek()?.number === number) details.value = found;
  } catch (error) {
    say(error);
  } finally {
    asking = 0;
  }
}

export async function fetchEvidence(row: number, signal: AbortSignal): Promise<EvidenceRecord> {
  return (await ask(`./api/ranking/evidence/${row}`, { signal })).json() as Promise<EvidenceRecord>;
}

interface Wanted {
  split?: string | null;
  by?: string;
  taken?: boolean;
  kept?: boolean;
}

export async function rank({
  split = null,
  by = "combined",
  taken = false,
  kept = false,
}: Wanted): Promise<void> {
  try {
    const body = JSON.stringify({ split, by, taken, kept });
    const answer = (await (await ask("./api/ranking", { method: "POST", body })).json()) as RankingRecord;
    // The socket may have told more by now.
    if (ranking.peek() === null) ranking.value = answer;
  } catch (error) {
    say(error);
  }
}

export async function cancelRanking(): Promise<void> {
  await ask("./api/ranking", { method: "DELETE" }).catch(say);
}
