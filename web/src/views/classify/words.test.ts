import { expect, test } from "vitest";
import type { ModelRecord } from "../../net/wire";
import { chosenText, foldsText, percent, seconds, seedsText, trainingState } from "./words";

const facts = {
  accuracy: 0.9,
  n_train: 8,
  n_test: 2,
  seconds: 1,
  low: 0.8,
  high: 1,
  train_accuracy: 1,
  predict_seconds: 0,
  bytes: 1,
  folds: [],
  seeds: [],
};
const model = {
  kind: "mlp",
  status: "training",
  stage: "fitting",
  done: 3,
  total: 15,
  began: 100,
  seconds_left: 12.4,
} as unknown as ModelRecord;

test("shares, times and folds as people read them", () => {
  expect(percent(0.91834)).toBe("91.83 %");
  expect([0.204, 3.44, 80].map(seconds)).toEqual(["0.20 s", "3.4 s", "1 min 20 s"]);
  expect(foldsText({ ...facts, folds: [0.9, 0.92, 0.94] })).toBe("92.00 % ± 2.00");
  expect(foldsText(facts)).toBe("");
  expect(seedsText({ ...facts, accuracy: 0.9, seeds: [0.92, 0.94] })).toBe("92.00 % ± 2.00");
  expect(seedsText(facts)).toBe("");
});

test("a training says what it does, how long it has taken, and what is left where that is known", () => {
  expect(trainingState(model, 103_000)).toBe("fitting, 20 % · 3 s · 12 s left");
  expect(trainingState({ ...model, stage: "mlp", done: 1, total: 4, seconds_left: null }, 103_000)).toBe(
    "fit 2 of 4 · 3 s",
  );
  expect(trainingState({ ...model, status: "queued" }, 103_000)).toBe("waiting for its turn");
});

test("only what is not as declared is told", () => {
  const declared = [
    { name: "alpha", default: 0.1 },
    { name: "max_iter", default: 5 },
    { name: "k", default: 1 },
  ];
  expect(chosenText({ alpha: 0.1, max_iter: 7 }, declared)).toBe("max iter 7");
});
