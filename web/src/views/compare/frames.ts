// The newest frames of the runs that stand beside each other, fetched again while one goes on, and laid over the first.

import { computed, effect, signal } from "@preact/signals";
import { fetchFrame } from "../../net/api";
import type { Frame } from "../../net/frame";
import { isOver } from "../../net/session";
import type { RunRecord } from "../../net/wire";
import { tell } from "../../state";
import { laidOver } from "./align";
import { maps } from "./state";

const AGAIN_MS = 700;

export const frames = signal<ReadonlyMap<number, Frame>>(new Map());

export interface Shown {
  frame: Frame;
  /** How much of the first map's spread is left between the two; null for the first, and where nothing was laid over. */
  residual: number | null;
}

/**
 * What is drawn of each run: the first map as it is, the others laid over it where they can be. Those all have the box
 * that holds every one of them, so that the whole of each is seen from one place.
 */
export const shownOf = computed<ReadonlyMap<number, Shown>>(() => {
  const first = frames.value.get(maps.value[0]?.id ?? -1);
  const placed = new Map<number, Shown>();
  for (const { id } of maps.value) {
    const frame = frames.value.get(id);
    if (!frame) continue;
    const still = !first || frame === first || first.dim !== frame.dim;
    placed.set(id, still ? { frame, residual: null } : over(first, frame));
  }
  const together = [...placed.values()].filter((each) => each.frame.dim === first?.dim);
  const lo = corner(together, "lo", Math.min);
  const hi = corner(together, "hi", Math.max);
  for (const [id, each] of placed) {
    if (together.includes(each)) placed.set(id, { ...each, frame: { ...each.frame, lo, hi } });
  }
  return placed;
});

const corner = (
  all: readonly Shown[],
  end: "lo" | "hi",
  best: (...values: number[]) => number,
): [number, number, number] =>
  [0, 1, 2].map((axis) => best(...all.map(({ frame }) => frame[end][axis] as number))) as [
    number,
    number,
    number,
  ];

const laid = new WeakMap<Frame, { first: Frame; shown: Shown }>();

function over(first: Frame, frame: Frame): Shown {
  const before = laid.get(frame);
  if (before?.first === first) return before.shown;
  const { positions, residual } = laidOver(first.positions, frame.positions, frame.dim);
  const [lo, hi] = extent(positions, frame.dim);
  const shown = { frame: { ...frame, positions, lo, hi }, residual };
  laid.set(frame, { first, shown });
  return shown;
}

function extent(positions: Float32Array, dim: number): [[number, number, number], [number, number, number]] {
  const lo: [number, number, number] = [0, 0, 0];
  const hi: [number, number, number] = [0, 0, 0];
  for (let axis = 0; axis < dim; axis++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = axis; at < positions.length; at += dim) {
      const value = positions[at] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    [lo[axis], hi[axis]] = [low, high];
  }
  return [lo, hi];
}

/** Keep the frames true to the runs in the panes, until the function that this returns is called. */
export function follow(): () => void {
  const asked = new Map<number, number>();
  let timer: number | undefined;
  const look = (): void => {
    for (const run of maps.peek()) if (isNew(run, asked.get(run.id))) void load(run, asked);
    timer = window.setTimeout(look, AGAIN_MS);
  };
  // Other runs in the panes are looked for at once; the same ones a little later in their course when it is time again.
  let before = "";
  const stop = effect(() => {
    const now = maps.value.map((run) => run.id).join();
    if (now === before) return;
    before = now;
    window.clearTimeout(timer);
    timer = window.setTimeout(look);
  });
  return () => {
    stop();
    window.clearTimeout(timer);
    frames.value = new Map();
  };
}

const isNew = (run: RunRecord, step: number | undefined): boolean =>
  (run.step > 0 || isOver(run)) && run.step !== step;

async function load(run: RunRecord, asked: Map<number, number>): Promise<void> {
  asked.set(run.id, run.step);
  try {
    const frame = await fetchFrame(run.id);
    if (frame) frames.value = new Map(frames.peek()).set(run.id, frame);
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
  }
}
