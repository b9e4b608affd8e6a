import { beforeEach, expect, test } from "vitest";
import { differences, keptMaps, keptName, keptOf, mapName, mayBeKept, whenMade } from "./kept";
import type { KeptRecord, MethodRecord, RunRecord } from "./net/wire";
import { methods } from "./state";

const map = (fields: Partial<KeptRecord> = {}): KeptRecord =>
  ({
    id: "a",
    method: "tsne",
    title: "t-SNE",
    cost_name: "KL",
    seed: 3,
    options: { n_components: 3, perplexity: 10, space: null },
    dim: 3,
    name: "",
    ...fields,
  }) as KeptRecord;

beforeEach(() => {
  methods.value = [
    {
      id: "tsne",
      options: [
        { name: "n_components", default: 2 },
        { name: "perplexity", default: 30 },
        { name: "space", default: 50 },
        { name: "steps", default: 750 },
      ],
    } as MethodRecord,
  ];
  keptMaps.value = [];
});

test("a map is told from its like by the options that are not as the method has them, and by its seed", () => {
  expect(differences(map())).toEqual(["perplexity 10", "space none", "seed 3"]);
  expect(differences(map({ cost_name: "", options: { steps: 750 } }))).toEqual([]);
});

test("a map is called by its name, else by its method and its dimensions", () => {
  expect(keptName(map())).toBe("t-SNE 3-D");
  expect(keptName(map({ name: "mine" }))).toBe("mine");
  const run = { kept: "a", title: "t-SNE", options: { n_components: 3 } } as unknown as RunRecord;
  expect(mapName(run)).toBe("t-SNE 3-D");
  keptMaps.value = [map({ name: "mine" })];
  expect(mapName(run)).toBe("mine");
  expect(keptOf({ ...run, kept: "" })).toBeUndefined();
});

test("the server is asked for a kept map only where there may be one", () => {
  keptMaps.value = [map()];
  expect(mayBeKept("tsne", 3)).toBe(true);
  expect(mayBeKept("tsne", 4)).toBe(false);
  expect(mayBeKept("umap", 3)).toBe(false);
});

test("what was made today has a time, and what is older a day", () => {
  const noon = new Date(2026, 10, 22, 12, 5).getTime();
  expect(whenMade(noon / 1000, noon + 3_600_000)).toBe("12:05");
  expect(whenMade(noon / 1000, noon + 48 * 3_600_000)).toBe("Nov 22");
});
