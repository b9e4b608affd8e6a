// Whether what the essay says of each map holds on this data, counted on the maps that were made here.

import { computed } from "@preact/signals";
import type { Frame } from "../../net/frame";
import { className, codes, dataset } from "../../state";
import type { Looks } from "./looks";
import { joined, nearestOnMap, purities, recall } from "./measures";
import { finished, PLAYERS } from "./players";

export interface Near {
  each: number;
  of: Uint16Array;
}

export interface Worth {
  n: number;
  purity: number; // of 10 nearest, those of the same class
  byClass: Float64Array;
  recall: number;
}

export interface Check {
  /** null: it says how it is, and the essay says nothing of such data */
  holds: boolean | null;
  says: string;
}

const HIS_RANGE: readonly number[] = [255]; // bytes, which his rule divides by 256
const ALIKE = 0.06; // two maps that differ by less are about the same

const worths = new WeakMap<Frame, Worth>();

function worthOf(frame: Frame, near: Near): Worth {
  const known = worths.get(frame);
  if (known) return known;
  const classes = dataset.value?.classes.length ?? 0;
  const onMap = nearestOnMap(frame.positions, frame.dim, near.each);
  const byClass = purities(onMap, codes.value, frame.n, classes);
  const worth = {
    n: frame.n,
    purity: byClass[classes] ?? Number.NaN,
    byClass,
    recall: recall(onMap, near.of, frame.n),
  };
  worths.set(frame, worth);
  return worth;
}

const two = (value: number): string => value.toFixed(2).replace(/^0/, "");
const labelled = computed(() => (dataset.value?.classes.length ?? 0) > 1);

/** What is counted on a player's map, once its run and the neighbours are there. */
export function worthFor(id: string, near: Near | null): Worth | null {
  const frame = finished.value[id];
  return frame && near && near.each > 0 ? worthOf(frame, near) : null;
}

/** The check of one player; null while what it needs is not there. */
export function checkOf(id: string, near: Near | null): Check | null {
  const own = worthFor(id, near);
  if (!own || !near) return null;
  const range = dataset.value?.value_range ?? [0, 255];
  const scale = HIS_RANGE.includes(range[1])
    ? ""
    : ` His steps fit values up to 255; here they go to ${range[1]}.`;
  const found = compared(id, near, own);
  return found && found.holds === false ? { ...found, says: found.says + scale } : found;
}

/** The check of one of the two looks that it begins with; null while what it needs is not there, or without labels. */
export function checkOfLook(look: keyof Looks, looks: Looks | null, near: Near | null): Check | null {
  if (!looks || !near || near.each === 0 || !labelled.value) return null;
  const n = near.of.length / near.each;
  const classes = dataset.value?.classes.length ?? 0;
  const rows = codes.value.subarray(0, n);
  const pure = (of: Uint16Array): number => purities(of, rows, n, classes)[classes] ?? Number.NaN;
  const on = (positions: Float32Array): number => pure(nearestOnMap(positions, 2, near.each));
  const [own, whole] = [on(looks[look]), pure(near.of)];
  const said = `${near.each}-NN purity ${two(own)}; among all ${dataset.value?.p ?? 0} values ${two(whole)}`;
  if (look === "pixels") {
    const chance = byChance(rows, classes);
    return {
      holds: chance < own && own < whole,
      says: `it shows a little: ${said}, by chance ${two(chance)}.`,
    };
  }
  const pixels = on(looks.pixels);
  return {
    holds: pixels < own && own < whole,
    says: `it shows more: ${said}, on the two pixels ${two(pixels)}.`,
  };
}

/** How often a row meets its own class where everybody stands anywhere. */
function byChance(rows: Uint16Array, classes: number): number {
  const counts = new Float64Array(classes);
  for (const code of rows) if (code < classes) counts[code] = (counts[code] as number) + 1;
  return counts.reduce((sum, count) => sum + count * (count - 1), 0) / (rows.length * (rows.length - 1));
}

function compared(id: string, near: Near, own: Worth): Check | null {
  const other = (name: string): Worth | null => worthFor(name, near);
  const said = `recall of 10 neighbours ${two(own.recall)}`;
  if (!labelled.value) return { holds: null, says: `${said}; whether classes stand apart needs labels.` };
  const pure = `10-NN purity ${two(own.purity)}`;
  switch (id) {
    case "mds2":
      return best(own);
    case "sammon2":
      return against(other("mds2"), (mds) => ({
        holds: Math.abs(own.purity - mds.purity) <= ALIKE && Math.abs(own.recall - mds.recall) <= ALIKE,
        says: `about as MDS: ${pure} against ${two(mds.purity)}, recall ${two(own.recall)} against ${two(mds.recall)}.`,
      }));
    case "graph2":
      return against(other("mds2"), (mds) => ({
        holds: own.purity > mds.purity,
        says: `purer than MDS: ${pure} against ${two(mds.purity)}. ${edges(near)}`,
      }));
    case "tsne2":
      return against(other("graph2"), (graph) => ({
        holds: own.purity > graph.purity,
        says: `the purest on a plane: ${pure}, the graph ${two(graph.purity)}; ${said}.`,
      }));
    default: {
      const flat = PLAYERS.find((player) => player.id === id)?.method;
      return against(other(`${flat}2`), (plane) => third(id, own, plane));
    }
  }
}

const against = (other: Worth | null, check: (other: Worth) => Check): Check | null => other && check(other);

/** The class that keeps together best; of digits the essay says that it is the ones. */
function best(own: Worth): Check {
  const names = dataset.value?.classes ?? [];
  const shares = Array.from(own.byClass.subarray(0, names.length), (share) => (share > 0 ? share : 0));
  const code = shares.indexOf(Math.max(...shares));
  const digits = ["0", "1", "9"].every((name) => names.includes(name));
  return {
    holds: digits ? names[code] === "1" : null,
    says: `${className(names[code])} keeps together best: 10-NN purity ${two(shares[code] ?? 0)}, of all ${two(own.purity)}.`,
  };
}

function edges(near: Near): string {
  const share = joined(near.of, near.each, Math.min(3, near.each), codes.value);
  return `${Math.round(100 * share)} % of the edges join a class.`;
}

/** What a third dimension wins. Of t-SNE the essay says: little. */
function third(id: string, own: Worth, plane: Worth): Check {
  const won = own.purity - plane.purity;
  const says = `10-NN purity ${two(own.purity)} against ${two(plane.purity)} on the plane`;
  return id === "tsne3"
    ? { holds: Math.abs(won) <= ALIKE, says: `little is won: ${says}.` }
    : { holds: won > 0, says: `more room helps: ${says}.` };
}
