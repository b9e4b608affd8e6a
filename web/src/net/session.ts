// The session as the page knows it: pure functions from what was known and what came to what is known now.

import type { CostsRecord, RunRecord } from "./wire";

export interface Curve {
  steps: number[];
  costs: number[];
}

export interface Known {
  runs: readonly RunRecord[]; // by id, oldest first
  curves: Readonly<Record<number, Curve>>;
}

export const NOTHING: Known = { runs: [], curves: {} };

/** A whole snapshot replaces everything: what was missed while the link was down is in it. */
export function restored(runs: readonly RunRecord[], costs: readonly CostsRecord[]): Known {
  const curves: Record<number, Curve> = {};
  for (const { run, steps, costs: values } of costs) curves[run] = extended(undefined, steps, values);
  return { runs: [...runs].sort((a, b) => a.id - b.id), curves };
}

export function withRun(known: Known, run: RunRecord): Known {
  const others = known.runs.filter((other) => other.id !== run.id);
  return { ...known, runs: [...others, run].sort((a, b) => a.id - b.id) };
}

export function withCosts(known: Known, batch: CostsRecord): Known {
  const curve = extended(known.curves[batch.run], batch.steps, batch.costs);
  return { ...known, curves: { ...known.curves, [batch.run]: curve } };
}

/** Values in the order of their steps, each step once: a batch may repeat what a snapshot brought already. */
function extended(curve: Curve | undefined, steps: readonly number[], costs: readonly number[]): Curve {
  const next = { steps: [...(curve?.steps ?? [])], costs: [...(curve?.costs ?? [])] };
  steps.forEach((step, i) => {
    const cost = costs[i];
    const last = next.steps.at(-1) ?? -1;
    if (step > last && typeof cost === "number" && Number.isFinite(cost)) {
      next.steps.push(step);
      next.costs.push(cost);
    }
  });
  return next;
}

export const isStepped = (run: RunRecord): boolean => run.steps > 0 || run.cost_name !== "";

export const isOver = (run: RunRecord): boolean =>
  run.status === "done" || run.status === "stopped" || run.status === "failed";

/** The run that the controls speak to: the chosen one where it has steps, else the newest that has. */
export function drivenRun(known: Known, chosen: number | null): RunRecord | undefined {
  const stepped = known.runs.filter(isStepped);
  return stepped.find((run) => run.id === chosen) ?? stepped.at(-1);
}
