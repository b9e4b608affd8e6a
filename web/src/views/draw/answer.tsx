// What the ink is taken for: the class, the probability of each, and the training images most like it.

import type { JSX } from "preact";
import { models } from "../../models";
import { classColour, css } from "../../palette";
import { keep } from "../../selection";
import { className, dataset, hovered, labelOf, pinned } from "../../state";
import { classCss } from "../../ui/swatch";
import { Thumb } from "../../ui/thumb";
import { answer, seen } from "./state";

const MOST_BARS = 10;
const THUMB = 36;

export function Taken(): JSX.Element {
  const taken = seen.value;
  const facts = dataset.value;
  if (!taken || !facts) {
    return (
      <section class="draw-taken" aria-label="What it is taken for">
        <h2>Nothing drawn yet</h2>
        <p class="quiet">
          Draw with the mouse, a finger or a pen. What the drawing is taken for, the images most like it and
          its place on the map follow while you draw. A photo of your own handwriting will do as well.
        </p>
      </section>
    );
  }
  const share = taken.shares[taken.label] ?? 0;
  return (
    <section class="draw-taken" aria-label="What it is taken for" id="taken" data-label={taken.label}>
      <h2 aria-live="polite">
        {taken.label < 0 ? "No labels to go by" : <bdi>{className(facts.classes[taken.label])}</bdi>}
        {taken.label >= 0 && <span>{sureness(share, taken.rows.length)}</span>}
      </h2>
      <Bars shares={taken.shares} label={taken.label} />
    </section>
  );
}

export function Like(): JSX.Element | null {
  const taken = seen.value;
  if (!taken) return null;
  return (
    <section aria-label="The training images most like it" class="draw-like">
      <h3>The training images most like it</h3>
      <ul class="strip" id="like-drawing">
        {taken.rows.map((row) => (
          <li key={row}>
            <button
              type="button"
              class="strip-image"
              style={{ borderColor: classCss(row) }}
              title={`#${row}, ${labelOf(row)}`}
              data-row={row}
              aria-pressed={pinned.value === row}
              onClick={() => keep(row)}
              onPointerEnter={() => {
                hovered.value = row;
              }}
              onPointerLeave={() => {
                hovered.value = null;
              }}
            >
              <Thumb row={row} size={THUMB} alt={`image ${row}, ${labelOf(row)}`} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In words, by whoever says so. */
function sureness(share: number, neighbours: number): string {
  const id = answer.value?.model;
  if (!id) return `${Math.round(share * neighbours)} of the ${neighbours} most like it`;
  const model = models.value.find((each) => each.id === id);
  return `${percent(share)} sure${model ? `: ${model.name || model.title}` : ""}`;
}

/** Of all classes, or of the most probable ones where there are many. */
function Bars({ shares, label }: { shares: readonly number[]; label: number }): JSX.Element {
  const classes = dataset.value?.classes ?? [];
  const codes = classes.map((_, code) => code);
  const shown =
    classes.length <= MOST_BARS
      ? codes
      : codes.sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0)).slice(0, MOST_BARS);
  return (
    <ul class="bars" id="shares">
      {shown.map((code) => (
        <li key={code} class={code === label ? "best" : ""}>
          <bdi>{className(classes[code])}</bdi>
          <i
            style={{
              width: `${100 * (shares[code] ?? 0)}%`,
              background: css(classColour(code, classes.length)),
            }}
          />
          <span>{percent(shares[code] ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}

const percent = (share: number): string =>
  share > 0 && share < 0.005 ? "<1 %" : `${Math.round(100 * share)} %`;
