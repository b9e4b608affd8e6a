// What can be done with a model: end its training, keep it under a name, delete it.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { remember, retract, type Step } from "../../history";
import { modelName, models } from "../../models";
import type { ModelRecord, ModelsRecord } from "../../net/wire";
import { tell } from "../../state";
import { Icon } from "../../ui/icons";
import { act, keepAs, remove } from "./api";

/** The model that is being given a name. */
const naming = signal<string | null>(null);

export function Actions({ model }: { model: ModelRecord }): JSX.Element {
  if (model.status === "queued" || model.status === "training")
    return (
      <button
        type="button"
        class="plain"
        title="End this training"
        aria-label={`Stop model ${model.id}`}
        onClick={() => void run(act(model.id, "stop"))}
      >
        <Icon name="stop" />
      </button>
    );
  if (naming.value === model.id) return <Naming model={model} />;
  return (
    <>
      {model.status === "done" && !model.name && (
        <button
          type="button"
          class="plain"
          title="Keep it on this machine under a name: other sessions and `snowdome predict` find it there"
          aria-label={`Keep model ${model.id} under a name`}
          onClick={() => {
            naming.value = model.id;
          }}
        >
          <Icon name="into" />
        </button>
      )}
      <button
        type="button"
        class="plain"
        title="Delete it; Ctrl Z brings it back"
        aria-label={`Delete model ${modelName(model)}`}
        onClick={() => void discard(model)}
      >
        <Icon name="close" />
      </button>
    </>
  );
}

function Naming({ model }: { model: ModelRecord }): JSX.Element {
  const [name, setName] = useState(model.kind);
  const keep = (event: Event): void => {
    event.preventDefault();
    naming.value = null;
    void run(keepAs(model.id, name.trim()));
  };
  return (
    <form class="naming" onSubmit={keep}>
      <input
        type="text"
        id="model-name"
        aria-label="Name of the model"
        autoComplete="off"
        spellcheck={false}
        maxLength={64}
        value={name}
        ref={(element) => element?.focus()}
        onInput={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") naming.value = null;
        }}
      />
      <button type="submit" class="primary" disabled={!/^\w[\w-]{0,63}$/.test(name.trim())}>
        Keep
      </button>
    </form>
  );
}

/** What the app was asked to do with a model: whether it was done; all models as they are then, or its refusal. */
async function run(asked: Promise<ModelsRecord>): Promise<boolean> {
  try {
    models.value = (await asked).models;
    return true;
  } catch (error) {
    tell("error", error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** A step of the history from the moment on in which it is asked for: who undoes it at once means this one. */
async function discard(model: ModelRecord): Promise<void> {
  const first = run(remove(model.id));
  let last = first;
  const then = (next: () => Promise<ModelsRecord>): Promise<boolean> => {
    last = last.then(() => run(next())); // one after the other
    return last;
  };
  const step: Step = {
    says: `deleted model ${modelName(model)}`,
    undo: () => then(() => act(model.id, "restore")),
    redo: () => then(() => remove(model.id)),
  };
  remember(step);
  if (!(await first)) retract(step);
}
