// What is to be known of the fit of a model, in words: above all what a ConvergenceWarning means.

import type { JSX } from "preact";
import { modelName } from "../../models";
import type { ModelRecord } from "../../net/wire";

export function Notes({ model }: { model: ModelRecord }): JSX.Element | null {
  if (model.notes.length === 0) return null;
  return (
    <section class="model-notes" id="model-notes" aria-label="About this model">
      <h3>About {modelName(model)}</h3>
      {model.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </section>
  );
}
