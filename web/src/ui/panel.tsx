// The right panel: the image that was clicked, how far the map can be believed, the next map, and the data.

import type { JSX } from "preact";
import { count } from "../format";
import { byKey, focusView } from "../keys";
import { catalogue, showAgain } from "../open";
import { classColour, css } from "../palette";
import { howOf, keep, selectClasses } from "../selection";
import {
  className,
  codes,
  dataset,
  drawn,
  labelOf,
  panelOpen,
  pinned,
  rowsNoun,
  splitOf,
  stage,
} from "../state";
import { MAP, viewId, viewOf } from "../views/registry";
import { Icon } from "./icons";
import { Nearest } from "./near";
import { OwnId } from "./own-id";
import { Selection } from "./selection";
import { classCss } from "./swatch";
import { Thumb } from "./thumb";
import { ViewSide } from "./view";

const LARGE = 280;
const MOST_BARS = 24;

export function Panel(): JSX.Element {
  const row = pinned.value;
  return (
    <aside
      class={panelOpen.value ? "panel open" : "panel"}
      id="panel"
      aria-label="About the map and the data"
    >
      {row === null ? <Hint /> : !viewOf(viewId.value)?.ownImage && <Pinned row={row} />}
      <Selection />
      <ViewSide />
      <AboutData />
    </aside>
  );
}

function Pinned({ row }: { row: number }): JSX.Element {
  const label = labelOf(row);
  const code = codes.value[row] ?? 0;
  const inClass = dataset.value?.counts[code];
  return (
    <section class="pinned" id="pinned" data-row={row}>
      <div class="panel-head">
        <h2>
          <i class="dot" style={{ background: classCss(row) }} />
          <bdi>{label}</bdi>
        </h2>
        <button
          type="button"
          class="plain"
          title="Let go (Esc)"
          aria-label="Let go of this image"
          onClick={(event) => {
            unpin();
            if (byKey(event)) focusView();
          }}
        >
          <Icon name="close" />
        </button>
      </div>
      <Thumb row={row} size={LARGE} alt={`image ${row}, ${label}`} />
      <dl class="facts">
        <dt>id</dt>
        <dd>
          #{row} <OwnId row={row} />
        </dd>
        <dt>label</dt>
        <dd>
          <bdi>{label}</bdi>
        </dd>
        {splitOf(row) && <dt>split</dt>}
        {splitOf(row) && <dd>{splitOf(row)}</dd>}
        {inClass !== undefined && <dt>in its class</dt>}
        {inClass !== undefined && (
          <dd>
            {count(inClass)} {rowsNoun.value}
          </dd>
        )}
        <Place row={row} />
      </dl>
      <Nearest row={row} />
    </section>
  );
}

/** Where the row stands on the map that is shown; it moves while a run goes on. */
function Place({ row }: { row: number }): JSX.Element | null {
  const positions = drawn.value >= 0 ? stage.value?.positions : null;
  const dim = stage.value?.view.dim ?? 2;
  const place = [...(positions?.subarray(dim * row, dim * (row + 1)) ?? [])];
  if (place.length === 0) return null;
  return (
    <>
      <dt>on this map</dt>
      <dd>{place.map((value, axis) => `${"xyz"[axis]} ${value.toPrecision(4)}`).join(", ")}</dd>
    </>
  );
}

function unpin(): void {
  keep(null);
}

function AboutData(): JSX.Element | null {
  const facts = dataset.value;
  if (!facts) return null;
  const shape = facts.image_shape;
  return (
    <section>
      <h2>{facts.name}</h2>
      <dl class="facts">
        <dt>{rowsNoun}</dt>
        <dd>{count(facts.n)}</dd>
        {shape && <dt>size</dt>}
        {shape && (
          <dd>
            {shape[1]} × {shape[0]} pixels{facts.channels === 3 && ", in colour"}
          </dd>
        )}
        {!shape && <dt>values each</dt>}
        {!shape && <dd>{count(facts.p)}</dd>}
        {facts.splits.map((split) => (
          <>
            <dt>{split.name}</dt>
            <dd>{count(split.count)}</dd>
          </>
        ))}
        {facts.source && <dt>from</dt>}
        {facts.source && (
          <dd>
            <bdi>{facts.source}</bdi>
          </dd>
        )}
        {facts.licence && <dt>licence</dt>}
        {facts.licence && <dd>{facts.licence}</dd>}
      </dl>
      <Notes notes={facts.notes} />
      <Bars />
    </section>
  );
}

function Hint(): JSX.Element | null {
  if (!dataset.value || viewId.value !== MAP) return null;
  return (
    <p class="quiet">
      {dataset.value.image_shape
        ? "Every dot is an image: point at one to see it, click to keep it here."
        : "Every dot is a row: point at one for its label, click to keep it here."}
    </p>
  );
}

/** What was done to the data when they were read. */
function Notes({ notes }: { notes: readonly string[] }): JSX.Element | null {
  if (notes.length === 0) return null;
  return (
    <>
      <h3>How they were read</h3>
      <ul class="notes" id="notes">
        {notes.map((note) => (
          <li key={note}>
            <bdi>{note}</bdi>
          </li>
        ))}
      </ul>
      {catalogue.value?.read_with && (
        <button type="button" class="link" id="another-way" onClick={showAgain}>
          Read them another way…
        </button>
      )}
    </>
  );
}

/** How many rows each class has, on one scale. */
function Bars(): JSX.Element | null {
  const facts = dataset.value;
  if (!facts || facts.classes.length === 0 || facts.classes.length > MOST_BARS) return null;
  const most = Math.max(...facts.counts);
  const shape = facts.image_shape;
  return (
    <>
      <h3>{shape ? "Images" : "Rows"} per class</h3>
      <ul class="bars" id="class-bars">
        {facts.classes.map((name, code) => (
          <li key={name}>
            <button
              type="button"
              class="plain"
              title={`Select all of ${className(name)}`}
              onClick={(event) => selectClasses([code], howOf(event))}
            >
              <bdi>{className(name)}</bdi>
              <i
                style={{
                  width: `${(100 * (facts.counts[code] ?? 0)) / most}%`,
                  background: css(classColour(code, facts.classes.length)),
                }}
              />
              <span>{count(facts.counts[code] ?? 0)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
