import type { JSX } from "preact";
import { modelInUse } from "../../models";
import { pinned } from "../../state";
import { ColourBy } from "../../ui/colour-by";
import { TrainForm } from "./form";
import { Notes } from "./notes";
import { Why } from "./why";

/** Why the kept image is taken for what it is, what is to be known of the model, and the next model. */
export function ClassifySide(): JSX.Element {
  const model = modelInUse.value;
  const row = pinned.value;
  return (
    <>
      {model && row !== null && <Why model={model} row={row} />}
      {model && row === null && (
        <p class="quiet">Click an image among the mistakes to see why it is taken for what it is.</p>
      )}
      {model && <Notes model={model} />}
      <TrainForm />
      <ColourBy />
    </>
  );
}
