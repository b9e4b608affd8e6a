// What the panel says of the pixel that is pointed at: its place in each convention, its value, and how often there is ink.

import type { JSX } from "preact";
import { numberText } from "../../columns";
import { count } from "../../format";
import { classColour, css } from "../../palette";
import { className, codes, dataset } from "../../state";
import { factsInStage, ink, pixel, place, row, shape, values } from "./looked";

const CHANNELS = ["red", "green", "blue"];
const MOST_BARS = 12;

/** In the panel: what the stage has no room for. */
export function Side(): JSX.Element | null {
  if (!values.value) return null;
  return (
    <>
      {!(factsInStage.value && shape.value) && <Facts />}
      <Ink />
    </>
  );
}

export function Facts(): JSX.Element | null {
  const index = pixel.value;
  const shown = values.value;
  if (!shown) return null;
  if (index === null || index >= shown.own.length) {
    return (
      <section class="pixel" id="pixel">
        <h3>{shape.value ? "A pixel" : "A value"}</h3>
        <p class="quiet">Point at one, in any of the pictures, to see where it is and what it says.</p>
      </section>
    );
  }
  return (
    <section class="pixel" id="pixel" data-index={index} aria-live="polite">
      <h3>{shape.value ? "This pixel" : "This value"}</h3>
      <dl class="facts">
        <dt>index in the vector</dt>
        <dd>{index}</dd>
        <Place />
        <dt>value</dt>
        <dd id="pixel-value">{numberText(shown.own[index] ?? Number.NaN)}</dd>
        <dt>from 0 to 1</dt>
        <dd>{((shown.shades[index] ?? 0) / 255).toFixed(3)}</dd>
      </dl>
    </section>
  );
}

function Place(): JSX.Element | null {
  const at = place.value;
  if (!at) return null;
  return (
    <>
      <dt>row, column</dt>
      <dd title="Both from 0, from the top left">
        {at.row}, {at.column}
        {shape.value?.channels === 3 && ` ${CHANNELS[at.channel]}`}
      </dd>
      {shape.value?.channels === 1 && (
        <>
          <dt title="Robinson counts y from 1 at the bottom">x, y in Robinson's table</dt>
          <dd>
            {at.robinson[0]}, {at.robinson[1]}
          </dd>
          <dt title="Olah counts y from 0 at the bottom">in Olah's text</dt>
          <dd>
            p<sub>{at.olah.join(",")}</sub>
          </dd>
          <dt title="Counted from 1">in OpenML's table</dt>
          <dd>pixel{at.openml}</dd>
        </>
      )}
    </>
  );
}

/** How many of each class have ink there, the most first; the class of the image is marked. */
function Ink(): JSX.Element | null {
  const index = pixel.value;
  const counts = ink.value;
  const facts = dataset.value;
  const names = facts?.classes ?? [];
  if (index === null || !counts || !facts || !shape.value || names.length === 0) return null;
  const own = codes.value[row.value ?? 0];
  const shares = names.map((name, code) => ({
    name,
    code,
    many: counts[code * facts.p + index] ?? 0,
    share: (counts[code * facts.p + index] ?? 0) / Math.max(1, facts.counts[code] ?? 1),
  }));
  const shown =
    shares.length > MOST_BARS ? shares.sort((a, b) => b.share - a.share).slice(0, MOST_BARS) : shares;
  return (
    <section>
      <h3>Images with ink at this pixel</h3>
      <ul class="bars" id="pixel-ink">
        {shown.map(({ name, code, many, share }) => (
          <li key={name} data-count={many} title={`${count(many)} of ${count(facts.counts[code] ?? 0)}`}>
            <bdi>{code === own ? <b>{className(name)}</b> : className(name)}</bdi>
            <i style={{ width: `${100 * share}%`, background: css(classColour(code, names.length)) }} />
            <span>{Math.round(100 * share)} %</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
