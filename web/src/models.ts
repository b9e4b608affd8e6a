// The models that were trained on the open data, shared by all tabs, and the one that this tab uses.

import { computed, effect, signal } from "@preact/signals";
import { inAddress } from "./address";
import type { ModelRecord } from "./net/wire";

/** Those that are kept from before, then those of this session, the newest last. */
export const models = signal<readonly ModelRecord[]>([]);

/** The model that a person chose in this tab, by id; null follows the newest. */
export const chosenModel = signal<string | null>(null);

export const isReady = (model: ModelRecord): boolean => model.status === "done" && model.misfit === "";

/** The model in use: the one that was chosen, else the newest that can judge these data. */
export const modelInUse = computed<ModelRecord | null>(() => {
  const ready = models.value.filter(isReady);
  return ready.find((model) => model.id === chosenModel.value) ?? ready.at(-1) ?? null;
});

/** As people tell it from others: "3 · Linear SVM", or the name and version under which it is kept. */
export const modelName = (model: ModelRecord): string =>
  model.name ? `${model.name} ${model.version}` : `${model.id} · ${model.title}`;

/** Calls back with the ids of the models that can be asked, now and whenever they change. */
export function onReadyModels(call: (ids: string) => void): () => void {
  const ids = computed(() =>
    models.value
      .filter(isReady)
      .map((model) => model.id)
      .join(" "),
  );
  return effect(() => call(ids.value));
}

inAddress("model", {
  write: () => chosenModel.value,
  read: (text) => {
    chosenModel.value = text;
  },
});
