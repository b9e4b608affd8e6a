// Beside the components: how much of the variance they keep, the kept image put together from a few of them, and where
// each class lies along the axes.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type Components, fetchRow, fetchScores } from "../../explorer/api";
import { asBytes, imageRgba, largest, perPixel, signedRgba } from "../../explorer/colours";
import { Picture } from "../../explorer/picture";
import { short } from "../../explorer/scale";
import { shownRow } from "../../explorer/shown";
import { useLoaded } from "../../explorer/use-loaded";
import { count } from "../../format";
import type { DatasetRecord } from "../../net/wire";
import { className, codes, dataset, labelOf, rowsNoun } from "../../state";
import { dark, ground } from "../../theme";
import { ColourBy } from "../../ui/colour-by";
import { choice, choose, within } from "./axes";
import { classMeans, meanSquaredError, rebuilt, scoresOf } from "./rebuild";
import { useSpace } from "./use-space";
import { VarianceCurve } from "./variance";

const MOST_CLASSES = 24;
const THIRD = 84;
const ENDS = ["0", "1"]; // of the first component, as Olah's text has it

export function Side(): JSX.Element | null {
  const facts = dataset.value;
  return facts && <About facts={facts} />;
}

function About({ facts }: { facts: DatasetRecord }): JSX.Element {
  const space = useSpace(facts);
  return (
    <section id="components-side">
      <h3>Principal components</h3>
      <p class="quiet">
        The directions in which the {rowsNoun} vary most. Blue pixels count for a component, red ones against
        it, white ones do not matter; which of the two is which is a convention.
      </p>
      <ColourBy />
      {!space && <p class="quiet">Finding components of {count(facts.n)} rows…</p>}
      {space && (
        <>
          <ClassTable facts={facts} space={space} />
          <VarianceCurve space={space} p={facts.p} />
          <Rebuilt facts={facts} space={space} />
          <p class="quiet">
            Components follow the scale of the values: see what{" "}
            <a href="#view=look&summary=scaling">scaling</a> does.
          </p>
        </>
      )}
    </section>
  );
}

/** The image that is shown, from its leading components: how many is chosen, and the error is told. */
function Rebuilt({ facts, space }: { facts: DatasetRecord; space: Components }): JSX.Element {
  const row = shownRow.value ?? 0;
  const { kept } = within(choice.value, space.count);
  const values = useLoaded(async () => ({ row, of: await fetchRow(row) }), [row]);
  const scores = useMemo(() => values && scoresOf(values.of, space), [values, space]);
  const restored = useMemo(() => scores && rebuilt(scores, space, kept), [scores, space, kept]);
  const error = values && restored ? meanSquaredError(values.of, restored) : null;
  const nothing = values ? meanSquaredError(values.of, space.mean) : null;
  const shape = facts.image_shape;
  return (
    <div class="rebuilt" id="rebuilt" data-row={values?.row ?? ""} data-error={error ?? ""} data-kept={kept}>
      <h3>From a few components</h3>
      {shape && values && restored && (
        <div class="rebuilt-images">
          <Rebuild facts={facts} values={values.of} says="itself" id="rebuilt-from" />
          <Rebuild facts={facts} values={restored} says={`from ${kept}`} id="rebuilt-to" />
          <Difference facts={facts} values={values.of} other={restored} />
        </div>
      )}
      <label class="rebuilt-slider">
        <span class="quiet">components</span>
        <input
          id="kept-components"
          type="range"
          min={0}
          max={space.count}
          value={kept}
          aria-valuetext={`${kept} of ${space.count} components`}
          onInput={(event) => choose({ kept: event.currentTarget.valueAsNumber }, "components kept")}
        />
        <output>{kept}</output>
      </label>
      {error !== null && nothing !== null && (
        <p class="check">
          Image {row}, {labelOf(row)}: mean squared error of a value <b>{short(error)}</b>, root{" "}
          {short(Math.sqrt(error))} on a scale from {short(facts.value_range[0])} to{" "}
          {short(facts.value_range[1])}; the mean image alone leaves {short(nothing)}.
        </p>
      )}
      <p class="quiet">Point at another dot, or keep one, to see it here.</p>
    </div>
  );
}

interface RebuildProps {
  facts: DatasetRecord;
  values: Float32Array;
  says: string;
  id: string;
}

function Rebuild({ facts, values, says, id }: RebuildProps): JSX.Element {
  const invert = facts.ink_is_high !== dark.value;
  const rgba = imageRgba(asBytes(values, facts.value_range), facts.channels, invert);
  return (
    <figure>
      <Picture id={id} rgba={rgba} shape={facts.image_shape as [number, number]} size={THIRD} alt={says} />
      <figcaption>{says}</figcaption>
    </figure>
  );
}

/** What is missing, in red, and what is too much, in blue, on the scale of the data. */
function Difference(props: { facts: DatasetRecord; values: Float32Array; other: Float32Array }): JSX.Element {
  const { facts, values, other } = props;
  const gap = perPixel(
    values.map((value, i) => (other[i] as number) - value),
    facts.channels,
  );
  const most = Math.max(largest(gap), 0.25 * (facts.value_range[1] - facts.value_range[0]));
  const theme = dark.value ? "dark" : "light";
  return (
    <figure>
      <Picture
        rgba={signedRgba(gap, most, ground.value, theme)}
        shape={facts.image_shape as [number, number]}
        size={THIRD}
        alt="the difference: red is missing, blue too much"
      />
      <figcaption>difference</figcaption>
    </figure>
  );
}

/** The table beside the plot: the mean score of each class along both axes, by the one across. */
function ClassTable({ facts, space }: { facts: DatasetRecord; space: Components }): JSX.Element | null {
  const { across, up } = within(choice.value, space.count);
  const scores = useLoaded(() => Promise.all([fetchScores(across), fetchScores(up)]), [space, across, up]);
  const k = facts.classes.length;
  if (!scores || k === 0 || k > MOST_CLASSES) return null;
  const [first, second] = scores.map((values) => classMeans(values, codes.value, k)) as [
    Float64Array,
    Float64Array,
  ];
  const order = [...first.keys()].sort((a, b) => (first[a] as number) - (first[b] as number));
  const name = (code: number | undefined): string => className(facts.classes[code ?? 0]);
  return (
    <>
      <Essay facts={facts} across={across} order={order} />
      <details class="more">
        <summary>
          Along {across + 1}: <bdi>{name(order[0])}</bdi> at one end, <bdi>{name(order.at(-1))}</bdi> at the
          other
        </summary>
        <table class="class-scores" id="class-scores">
          <thead>
            <tr>
              <th scope="col">mean score of</th>
              <th scope="col">{across + 1}</th>
              <th scope="col">{up + 1}</th>
            </tr>
          </thead>
          <tbody>
            {order.map((code) => (
              <tr key={code}>
                <th scope="row">
                  <bdi>{name(code)}</bdi>
                </th>
                <td>{short(Math.round(first[code] as number))}</td>
                <td>{short(Math.round(second[code] as number))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** What Olah's text says of the first component, and whether it is so here. */
function Essay(props: { facts: DatasetRecord; across: number; order: readonly number[] }): JSX.Element {
  const { facts, across, order } = props;
  const digits = ENDS.every((name) => facts.classes.includes(name));
  const found = [order[0], order.at(-1)].map((code) => className(facts.classes[code ?? 0]));
  const holds = ENDS.every((name) => found.includes(name));
  return (
    <div class={across === 0 ? "lesson now" : "lesson"} id="components-lesson">
      <button type="button" class="link" onClick={() => choose({ across: 0, up: 1 }, "axes of the essay")}>
        components 1 and 2
      </button>
      <p class="quiet">
        {digits
          ? "Look for the ones at one end of the first component and the zeros at the other: it asks how much of the ink is where a zero has it."
          : "Of digits: ones at one end of the first component, zeros at the other. These are others."}
      </p>
      {digits && across === 0 && (
        <p class="check">
          <span class="verdict" data-holds={holds}>
            {holds ? "✓ so it is: " : "✗ not here: "}
            {found.join(" and ")} have the least and the greatest mean score of the {facts.classes.length}{" "}
            classes.
          </span>
        </p>
      )}
    </div>
  );
}
