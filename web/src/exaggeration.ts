// The factor on the attraction, on a logarithmic scale, and the maps that it leads to.

import type { RunRecord } from "./net/wire";

export const LEAST = 1;
export const MOST = 100;

/** Böhm, Berens and Kobak, "Attraction-repulsion spectrum in neighbor embeddings", JMLR 23 (2022). */
export const MARKS: readonly { factor: number; name: string; short: string }[] = [
  { factor: 1, name: "t-SNE", short: "t-SNE" },
  { factor: 4, name: "UMAP-like", short: "UMAP-like" },
  { factor: 100, name: "Laplacian eigenmaps", short: "Laplacian" },
];

/** Where a factor stands on the slider, from 0 to 1, and back. */
export const placeOf = (factor: number): number => Math.log(factor / LEAST) / Math.log(MOST / LEAST);
export const factorAt = (place: number): number => {
  const exact = LEAST * (MOST / LEAST) ** place;
  return Number(exact.toPrecision(exact < 10 ? 2 : 3));
};

/** The factor that a run uses now: the one that a person set, or that of its phase; null where that is not told. */
export const factorOf = (run: RunRecord): number | null => run.exaggeration ?? run.factors[run.phase] ?? null;

/** Whether the marks mean something: for the neighbour embeddings, whose phases tell their factors. */
export const isMarked = (run: RunRecord): boolean => run.factors.length > 0;

/** The map that a factor leads to, about. */
export function nearestMark(factor: number): string {
  const near = (mark: { factor: number }): number => Math.abs(placeOf(mark.factor) - placeOf(factor));
  return MARKS.reduce((best, mark) => (near(mark) < near(best) ? mark : best)).name;
}
