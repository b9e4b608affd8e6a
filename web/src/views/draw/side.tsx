// The right panel of the view: the image that the drawing became, and who reads it.

import type { JSX } from "preact";
import { Picture } from "../../explorer/picture";
import { inkOnPaper } from "../../ink";
import { chosenModel, isReady, modelName, models } from "../../models";
import { dataset } from "../../state";
import { dark } from "../../theme";
import { look } from "../registry";
import { nearestVote, reader, seen, unfit } from "./state";

const SIZE = 112;
const NEAREST = "nearest";

export function Side(): JSX.Element | null {
  const facts = dataset.value;
  const shape = facts?.image_shape;
  if (!facts || !shape || unfit.value !== "") return null;
  const shades = seen.value?.shades;
  const rgba = shades ? inkOnPaper(Uint8Array.from(shades), facts.ink_is_high !== dark.value) : null;
  return (
    <section aria-label="As it is read">
      <h3>As it is read</h3>
      <div class="draw-made">
        <Picture id="made" rgba={rgba} shape={shape} size={SIZE} alt="The drawing as an image of the data" />
        <p class="quiet">
          The ink is made into what the images of {facts.name} are: {shape[1]} × {shape[0]} pixels, as large
          in them, and centred by its mass. A model sees only this.
        </p>
      </div>
      <Reader />
    </section>
  );
}

function Reader(): JSX.Element {
  const ready = models.value.filter(isReady);
  return (
    <>
      <label class="field" for="reader">
        <span>Read by</span>
        <select
          id="reader"
          value={reader.value?.id ?? NEAREST}
          onChange={(event) => {
            const { value } = event.currentTarget;
            nearestVote.value = value === NEAREST;
            if (value !== NEAREST) chosenModel.value = value;
          }}
        >
          <option value={NEAREST}>the nearest images</option>
          {ready.map((model) => (
            <option key={model.id} value={model.id}>
              {modelName(model)}
            </option>
          ))}
        </select>
      </label>
      {ready.length === 0 && (
        <p class="quiet">
          No model is trained yet, so the training images most like it vote.{" "}
          <button type="button" class="link" onClick={() => look("classify")}>
            Train one
          </button>
        </p>
      )}
    </>
  );
}
