// What is nearest to the image that is kept: as strips of images in the panel, and as lines on the map. So one sees
// whether a point is stuck among strangers or belongs where it stands.

import type { JSX } from "preact";
import { projectRow } from "../map/view";
import { COUNT, lostHere, nearHere, nearInPixels } from "../near";
import { keep } from "../selection";
import { codes, dataset, drawn, hovered, labelOf, pinned, stage } from "../state";
import { classCss } from "./swatch";
import { Thumb } from "./thumb";

const SIZE = 38;

export function Nearest({ row }: { row: number }): JSX.Element | null {
  if (!dataset.value) return null;
  const near = nearInPixels.value;
  const here = nearHere.value;
  const lost = lostHere.value;
  return (
    <>
      <h3>Nearest in the {near?.space ?? "pixels"}</h3>
      {near ? (
        <>
          <Strip rows={near.rows} id="near-pixels" marked={lost} />
          <p class="quiet" id="near-says">
            {neighboursSay(row, near.rows)} {lostSay(lost.size, near.rows.length)}
          </p>
        </>
      ) : (
        <p class="quiet">Measuring the distances to all…</p>
      )}
      {here.length > 0 && (
        <>
          <h3>Nearest on this map</h3>
          <Strip rows={here} id="near-map" marked={strangers(here, near?.rows ?? here)} />
        </>
      )}
    </>
  );
}

/** Rows near on the map that are not near in the pixels. */
function strangers(here: readonly number[], rows: readonly number[]): ReadonlySet<number> {
  const near = new Set(rows);
  return new Set(here.filter((row) => !near.has(row)));
}

function neighboursSay(row: number, rows: readonly number[]): string {
  const own = codes.value[row];
  if ((dataset.value?.classes.length ?? 0) < 2) return "";
  const same = rows.filter((other) => codes.value[other] === own).length;
  const label = labelOf(row);
  return `${same} of these ${rows.length} are labelled ${label} too.`;
}

const lostSay = (lost: number, all: number): string =>
  lost === 0
    ? "All of them are near on this map as well."
    : `${lost} of ${all} are not near on this map: they have a dashed frame.`;

function Strip({
  rows,
  id,
  marked,
}: {
  rows: readonly number[];
  id: string;
  marked: ReadonlySet<number>;
}): JSX.Element {
  const images = dataset.value?.image_shape !== null;
  return (
    <ul class="strip" id={id}>
      {rows.slice(0, COUNT).map((row) => (
        <li key={row}>
          <button
            type="button"
            class={marked.has(row) ? "strip-image lost" : "strip-image"}
            style={{ borderColor: classCss(row) }}
            title={`#${row}, ${labelOf(row)}${marked.has(row) ? ", not in the other list" : ""}`}
            data-row={row}
            onClick={() => keep(row)}
            onPointerEnter={() => {
              hovered.value = row;
            }}
            onPointerLeave={() => {
              hovered.value = null;
            }}
          >
            {images ? <Thumb row={row} size={SIZE} alt={`image ${row}, ${labelOf(row)}`} /> : labelOf(row)}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Lines from the dot that is kept to its nearest in the pixels; dashed to those that the map has put elsewhere. */
export function NearLines(): JSX.Element | null {
  const row = pinned.value;
  const positions = drawn.value > 0 ? stage.value?.positions : null;
  const view = stage.value?.view;
  const near = nearInPixels.value;
  if (row === null || !near || !positions || !view || stage.value?.turning) return null;
  const from = projectRow(view, positions, row);
  if (!from) return null;
  return (
    <svg class="near-lines" aria-hidden="true" data-row={row}>
      {near.rows.map((other) => {
        const to = projectRow(view, positions, other);
        if (!to) return null;
        const lost = lostHere.value.has(other) ? "lost" : "";
        return <line key={other} class={lost} x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />;
      })}
    </svg>
  );
}
