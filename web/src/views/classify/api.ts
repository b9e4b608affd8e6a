// What the app is asked about models.

import { ask } from "../../net/api";
import type {
  ExplainedRecord,
  JudgedRecord,
  KindsRecord,
  ModelRecord,
  ModelsRecord,
  ThresholdsRecord,
  TrainRequest,
} from "../../net/wire";
import { readVerdicts, type Verdicts } from "./verdicts";

const of = (model: string, path = ""): string => `./api/models/${encodeURIComponent(model)}${path}`;

const json = async <T>(path: string, init: RequestInit = {}): Promise<T> =>
  (await ask(path, init)).json() as Promise<T>;

const floats = async (path: string): Promise<Float32Array> =>
  new Float32Array(await (await ask(path)).arrayBuffer());

export const fetchKinds = (): Promise<KindsRecord> => json("./api/kinds");

export const fetchModels = async (): Promise<ModelRecord[]> =>
  (await json<ModelsRecord>("./api/models")).models;

export const train = (asked: TrainRequest): Promise<ModelRecord> =>
  json("./api/models", { method: "POST", body: JSON.stringify(asked) });

/** Stop it, bring it back, or ask for its learning curve. */
export const act = (model: string, verb: "stop" | "restore" | "curve"): Promise<ModelsRecord> =>
  json(of(model, `/${verb}`), { method: "POST" });

export const keepAs = (model: string, name: string): Promise<ModelsRecord> =>
  json(of(model, "/keep"), { method: "POST", body: JSON.stringify({ name }) });

export const remove = (model: string): Promise<ModelsRecord> => json(of(model), { method: "DELETE" });

export const fetchJudged = (model: string): Promise<JudgedRecord> => json(of(model, "/judged"));

export const fetchVerdicts = async (model: string): Promise<Verdicts> =>
  readVerdicts(await (await ask(of(model, "/verdicts"))).arrayBuffer());

export const fetchThresholds = (model: string, code: number): Promise<ThresholdsRecord> =>
  json(of(model, `/thresholds/${code}`));

export const fetchWeights = (model: string): Promise<Float32Array> => floats(of(model, "/weights"));

const pair = (label: number | null, other: number | null): string => {
  const said = new URLSearchParams();
  if (label !== null) said.set("label", String(label));
  if (other !== null) said.set("other", String(other));
  return said.size > 0 ? `?${said}` : "";
};

/** Why `label` (the predicted class where null) and not `other` (the next most probable one). */
export const fetchExplained = (
  model: string,
  row: number,
  label: number | null,
  other: number | null,
): Promise<ExplainedRecord> => json(of(model, `/rows/${row}/explained${pair(label, other)}`));

export const fetchOcclusion = (
  model: string,
  row: number,
  label: number,
  other: number,
): Promise<Float32Array> => floats(of(model, `/rows/${row}/occlusion${pair(label, other)}`));
