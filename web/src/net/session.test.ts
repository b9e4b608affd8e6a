import { expect, it } from "vitest";
import { drivenRun, isOver, NOTHING, restored, withCosts, withRun } from "./session";
import type { RunRecord } from "./wire";

const PCA = { id: 1, method: "pca", title: "PCA", steps: 0, cost_name: "", status: "done" } as RunRecord;
const TSNE = {
  id: 2,
  method: "tsne",
  title: "t-SNE",
  steps: 750,
  cost_name: "KL",
  status: "running",
} as RunRecord;

it("keeps runs by id, whatever order they come in, and replaces a known one", () => {
  let known = withRun(NOTHING, TSNE);
  known = withRun(known, PCA);
  known = withRun(known, { ...TSNE, step: 40 });
  expect(known.runs.map((run) => run.id)).toEqual([1, 2]);
  expect(known.runs[1]?.step).toBe(40);
});

it("appends costs in the order of their steps and takes each step once", () => {
  let known = withCosts(NOTHING, { run: 2, steps: [10, 20], costs: [5, 4] });
  known = withCosts(known, { run: 2, steps: [20, 30], costs: [4, 3] });
  expect(known.curves[2]).toEqual({ steps: [10, 20, 30], costs: [5, 4, 3] });
});

it("does not touch what it was given", () => {
  const before = withCosts(NOTHING, { run: 2, steps: [10], costs: [5] });
  withCosts(before, { run: 2, steps: [20], costs: [4] });
  expect(before.curves[2]?.steps).toEqual([10]);
});

it("restores everything from a snapshot, so that a gap in the link leaves none in the curve", () => {
  const gapped = withCosts(NOTHING, { run: 2, steps: [10, 40], costs: [5, 2] });
  expect(gapped.curves[2]?.steps).toHaveLength(2);
  const known = restored([TSNE, PCA], [{ run: 2, steps: [10, 20, 30, 40], costs: [5, 4, 3, 2] }]);
  expect(known.runs.map((run) => run.id)).toEqual([1, 2]);
  expect(known.curves[2]?.costs).toEqual([5, 4, 3, 2]);
});

it("drives the chosen run where it has steps, else the newest that has", () => {
  const second = { ...TSNE, id: 3 };
  const known = restored([PCA, TSNE, second], []);
  expect(drivenRun(known, null)?.id).toBe(3);
  expect(drivenRun(known, 2)?.id).toBe(2);
  expect(drivenRun(known, 1)?.id).toBe(3);
  expect(drivenRun(NOTHING, null)).toBeUndefined();
});

it("knows when a run is over", () => {
  expect(["done", "stopped", "failed"].every((status) => isOver({ ...TSNE, status } as RunRecord))).toBe(
    true,
  );
  expect(
    ["queued", "preparing", "running", "paused"].some((s) => isOver({ ...TSNE, status: s } as RunRecord)),
  ).toBe(false);
});
