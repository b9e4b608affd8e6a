// The map that is shown or driven, made anew: with the same seed, with another one, in as many dimensions.

import { said } from "./kept";
import { start, startOrReuse } from "./live";
import { driven, shownRun } from "./state";

const LARGEST_NEW_SEED = 9999;

/** Start the driven run's method anew with that seed; what runs now is stopped and stays in the list. */
export function startWith(seed: number): void {
  const run = driven.value;
  if (!run) return;
  start(run.method, seed, run.options);
}

/** The method of the map that is shown, with the same seed and options, in two or three dimensions. */
export function startIn(dims: number): void {
  const run = shownRun.value ?? driven.value;
  if (run) said(startOrReuse(run.method, run.seed ?? 0, { ...run.options, n_components: dims }));
}

export function startSameSeed(): void {
  startWith(driven.value?.seed ?? 0);
}

export function startNewSeed(): void {
  const seed = 1 + Math.floor(Math.random() * LARGEST_NEW_SEED);
  startWith(seed === driven.value?.seed ? (seed % LARGEST_NEW_SEED) + 1 : seed);
}
