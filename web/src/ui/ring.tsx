// The dot under the pointer, and the one that is kept, larger and with a ring: DOM above a canvas, so that pointing at a
// dot redraws nothing.

import type { JSX } from "preact";
import { type Point, projectRow } from "../map/view";
import { drawn, hovered, pinned, stage } from "../state";
import { classCss, dotCss } from "./swatch";

interface RingsProps {
  /** Where a row stands on the canvas, in CSS pixels; null for one that is not on it. */
  placeOf(row: number): Point | null;
  colourOf?(row: number): string;
}

export function Rings({ placeOf, colourOf = classCss }: RingsProps): JSX.Element {
  const rows = [...new Set([pinned.value, hovered.value])].filter((row) => row !== null);
  return (
    <div class="rings" aria-hidden="true">
      {rows.map((row) => {
        const place = placeOf(row);
        return (
          place && (
            <i
              key={row}
              class={row === pinned.value ? "ring pinned-ring" : "ring"}
              data-row={row}
              style={{
                transform: `translate(${place[0].toFixed(1)}px, ${place[1].toFixed(1)}px) translate(-50%, -50%)`,
                background: colourOf(row),
              }}
            />
          )
        );
      })}
    </div>
  );
}

/** Those of the map. */
export function MapRings(): JSX.Element | null {
  const positions = drawn.value > 0 ? stage.value?.positions : null;
  const view = stage.value?.view;
  if (!positions || !view || stage.value?.turning) return null;
  const placeOf = (row: number): Point | null => {
    const place = projectRow(view, positions, row);
    const seen = place && place[0] >= 0 && place[1] >= 0 && place[0] <= view.width && place[1] <= view.height;
    return seen ? place : null;
  };
  return <Rings placeOf={placeOf} colourOf={dotCss} />;
}
