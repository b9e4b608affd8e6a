// Numbers of models as people read them.

import { duration } from "../../format";
import type { FactsRecord, ModelRecord } from "../../net/wire";

/** A share with two decimals: "91.83 %". */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** The same where a tenth is enough. */
export const tenth = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Short times with the digits that count: "0.21 s", "3.4 s", "1 min 20 s". */
export function seconds(value: number): string {
  if (value < 1) return `${value.toFixed(2)} s`;
  return value < 10 ? `${value.toFixed(1)} s` : duration(value);
}

/** The mean of the folds and their standard deviation; nothing where there are none. */
export const foldsText = (facts: FactsRecord): string => spreadText(facts.folds);

/** The same of the model and of its fits with other seeds. */
export const seedsText = (facts: FactsRecord): string =>
  facts.seeds.length === 0 ? "" : spreadText([facts.accuracy, ...facts.seeds]);

function spreadText(scores: readonly number[]): string {
  const n = scores.length;
  if (n === 0) return "";
  const mean = scores.reduce((sum, each) => sum + each, 0) / n;
  const spread = Math.sqrt(scores.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, n - 1));
  return `${percent(mean)} ± ${(100 * spread).toFixed(2)}`;
}

/** What a training is doing, in words. */
export function trainingState(model: ModelRecord, now: number): string {
  if (model.status === "queued") return "waiting for its turn";
  const fits = model.stage === model.kind; // with folds: how many fits are done
  const stage = fits
    ? `fit ${Math.min(model.done + 1, model.total)} of ${model.total}`
    : model.stage || "beginning";
  const share = !fits && model.total > 1 ? `, ${Math.floor((100 * model.done) / model.total)} %` : "";
  const spent = model.began === null ? "" : ` · ${duration(now / 1000 - model.began)}`;
  const left = model.seconds_left === null ? "" : ` · ${duration(model.seconds_left)} left`;
  return `${stage}${share}${spent}${left}`;
}

/** What was chosen otherwise than declared: "alpha 0.001, loss log_loss". */
export function chosenText(
  options: ModelRecord["options"],
  declared: readonly { name: string; default: unknown }[],
): string {
  return declared
    .filter(({ name, default: usual }) => name in options && options[name] !== usual)
    .map(({ name }) => `${name.replaceAll("_", " ")} ${options[name] ?? "none"}`)
    .join(", ");
}
