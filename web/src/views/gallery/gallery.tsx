// The gallery's stage: the tools above, the images below.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../../format";
import { usePicture } from "../../picture/offer";
import type { Picture } from "../../picture/offered";
import { type Pen, RATIO } from "../../picture/pen";
import { selectedFlags } from "../../selection";
import { codes, dataset, labelOf, rowsNoun } from "../../state";
import { useSays } from "../registry";
import "./gallery.css";
import { cellOf } from "./grid";
import { Pane } from "./pane";
import { cursor, order, says } from "./shown";
import { Tools } from "./tools";

export function Stage(): JSX.Element {
  useSays(() => says.value);
  return (
    <div class="gallery">
      <Tools />
      <Images />
    </div>
  );
}

function Images(): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pane = useSignal<Pane | null>(null);
  const facts = dataset.value;
  const rows = codes.value;
  useEffect(() => {
    if (!scroller.current || !canvas.current || rows.length === 0) return undefined;
    const made = new Pane(scroller.current, canvas.current);
    pane.value = made;
    return () => made.close();
  }, [facts, rows]);
  usePicture(order.value.rows.length > 0 ? ["png"] : [], (): Picture | null => {
    const seen = pane.peek()?.snapshot(RATIO);
    if (!seen) return null;
    const { canvas: images, width, height, from, to } = seen;
    const draw = (pen: Pen): void => pen.image(images, { left: 0, top: 0, width, height });
    const which = from === 0 ? `the first ${count(to)}` : `numbers ${count(from + 1)} to ${count(to)}`;
    const all = to - from === order.peek().rows.length;
    return {
      name: "gallery",
      also: all ? "" : `here ${which} of them`,
      shows: { width, height, ground: "panel", coloured: false, draw },
    };
  });
  const grid = pane.value?.grid.value;
  const rubber = pane.value?.hand.rubber.value;
  return (
    <div class="gallery-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a table of a million cells, of which one stands in the page */}
      <div
        class="gallery-scroll"
        id="gallery"
        ref={scroller}
        tabIndex={0}
        role="grid"
        aria-label={`Gallery of ${count(order.value.rows.length)} ${rowsNoun.value}`}
        aria-describedby="gallery-help"
        aria-multiselectable="true"
        aria-rowcount={grid?.lines ?? 0}
        aria-colcount={grid?.columns ?? 0}
        aria-activedescendant={cursor.value === null ? undefined : "gallery-cell"}
      >
        <canvas ref={canvas} id="gallery-picture" />
        <div
          class="gallery-depth"
          style={{ height: `${pane.value?.tall.value ?? 0}px` }}
          role="presentation"
        />
        <Cell pane={pane.value} />
      </div>
      {rubber && (
        <i
          class="gallery-rubber"
          style={{
            transform: `translate(${rubber.left}px, ${rubber.top}px)`,
            width: `${rubber.width}px`,
            height: `${rubber.height}px`,
          }}
        />
      )}
      {order.value.rows.length === 0 && (
        <p class="gallery-empty quiet" id="gallery-empty">
          No {rowsNoun} to show. Remove a filter, switch classes on, or choose other rows above.
        </p>
      )}
      <p class="unseen" id="gallery-help">
        Arrows, Home, End and the page keys move; Enter keeps an image in the panel; Space selects it, Shift
        with an arrow selects a range, Control A selects all that are shown.
      </p>
    </div>
  );
}

/** The one image that the keys are at, in words: what a screen reader hears. */
function Cell({ pane }: { pane: Pane | null }): JSX.Element | null {
  const row = cursor.value;
  const grid = pane?.grid.value;
  const { rows } = order.value;
  const index = row === null ? -1 : rows.indexOf(row);
  if (!grid || row === null || index < 0 || index >= grid.total) return null;
  const { line, column } = cellOf(grid, index);
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the cell
    <div class="unseen" role="row" aria-rowindex={line + 1}>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <div
        id="gallery-cell"
        role="gridcell"
        aria-colindex={column + 1}
        aria-selected={selectedFlags.value[row] === 1}
      >
        #{row}, {labelOf(row)}
      </div>
    </div>
  );
}
