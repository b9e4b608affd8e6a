// The dot under the pointer, and the one that is kept, larger and with a ring: DOM above the canvas, so that
// pointing at a dot redraws no map.

import type { JSX } from "preact";
import { projectRow } from "../map/view";
import { drawn, hovered, pinned, stage } from "../state";
import { dotCss } from "./swatch";

export function Rings(): JSX.Element | null {
  const positions = drawn.value > 0 ? stage.value?.positions : null;
  const view = stage.value?.view;
  if (!positions || !view || stage.value?.turning) return null;
  const rows = [...new Set([pinned.value, hovered.value])].filter((row) => row !== null);
  return (
    <div class="rings" aria-hidden="true">
      {rows.map((row) => {
        const place = projectRow(view, positions, row);
        if (!place || place[0] < 0 || place[1] < 0 || place[0] > view.width || place[1] > view.height)
          return null;
        return (
          <i
            key={row}
            class={row === pinned.value ? "ring pinned-ring" : "ring"}
            style={{
              transform: `translate(${place[0].toFixed(1)}px, ${place[1].toFixed(1)}px) translate(-50%, -50%)`,
              background: dotCss(row),
            }}
          />
        );
      })}
    </div>
  );
}
