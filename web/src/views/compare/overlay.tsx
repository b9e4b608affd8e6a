// What stands above a pane's dots: the rings of the row under the pointer and of the one that is kept, the line of a lasso,
// and arrows from where the first map had the rows to where this one has them.

import type { JSX } from "preact";
import { type Point, projectRow } from "../../map/view";
import { selected } from "../../selection";
import { LassoLine } from "../../ui/lasso-line";
import { Rings } from "../../ui/ring";
import { classCss } from "../../ui/swatch";
import { farthest } from "./align";
import type { Pane } from "./pane";

const MOST_ARROWS = 120;
const SHORTEST = 4; // pixels

interface OverlayProps {
  pane: Pane;
  /** Where the first map has the rows; null where no arrows are wanted. */
  from: Float32Array | null;
}

export function Overlay({ pane, from }: OverlayProps): JSX.Element | null {
  const positions = pane.draws.value > 0 ? pane.stage.positions : null;
  const { view } = pane.stage;
  if (!positions || pane.stage.turning) return null;
  return (
    <>
      {from && (
        <svg class="pane-over" aria-hidden="true">
          <Arrows pane={pane} from={from} to={positions} />
        </svg>
      )}
      <LassoLine {...pane.line.value} />
      <Rings placeOf={(row) => projectRow(view, positions, row)} />
    </>
  );
}

function Arrows({ pane, from, to }: { pane: Pane; from: Float32Array; to: Float32Array }): JSX.Element {
  const { view } = pane.stage;
  const among = selected.value.length > 0 ? selected.value : null;
  const moved = farthest(from, to, view.dim, MOST_ARROWS, among);
  return (
    <g class="arrows" data-count={moved.length}>
      {moved.map((row) => {
        const start = projectRow(view, from, row);
        const end = projectRow(view, to, row);
        if (!start || !end || Math.hypot(end[0] - start[0], end[1] - start[1]) < SHORTEST) return null;
        return <path key={row} d={arrow(start, end)} stroke={classCss(row)} />;
      })}
    </g>
  );
}

const HEAD = 5;

function arrow(start: Point, end: Point): string {
  const angle = Math.atan2(end[1] - start[1], end[0] - start[0]);
  const side = (turn: number): string =>
    `${(end[0] - HEAD * Math.cos(angle + turn)).toFixed(1)} ${(end[1] - HEAD * Math.sin(angle + turn)).toFixed(1)}`;
  const [x0, y0, x1, y1] = [...start, ...end].map((value) => value.toFixed(1));
  return `M${x0} ${y0}L${x1} ${y1}M${side(0.5)}L${x1} ${y1}L${side(-0.5)}`;
}
