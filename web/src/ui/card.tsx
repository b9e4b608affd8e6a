// The hover card: directly above its point, never under the pointer, never outside the window.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { placeCard } from "../map/geometry";
import { projectRow } from "../map/view";
import { drawn, hovered, labelOf, splitOf, stage } from "../state";
import { MAP, viewId } from "../views/registry";
import { OwnId } from "./own-id";
import { classCss } from "./swatch";
import { Thumb } from "./thumb";

const MARGIN = 8;

export function HoverCard(): JSX.Element | null {
  const card = useRef<HTMLDivElement>(null);
  const row = hovered.value;
  const draws = drawn.value;

  // Each draw may have moved the point
  useLayoutEffect(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#map");
    const positions = stage.value?.positions;
    if (row === null || !card.current || !canvas || !stage.value || !positions) return;
    const place = projectRow(stage.value.view, positions, row);
    if (!place) return;
    const box = canvas.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card.current;
    const window_ = {
      left: MARGIN,
      top: MARGIN,
      right: window.innerWidth - MARGIN,
      bottom: window.innerHeight - MARGIN,
    };
    const [left, top] = placeCard([box.left + place[0], box.top + place[1]], { width, height }, window_);
    card.current.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }, [row, draws]);

  if (row === null || viewId.value !== MAP) return null;
  const label = labelOf(row);
  return (
    <div class="card" ref={card} id="hover-card" data-row={row}>
      <Thumb row={row} size={112} alt={`image ${row}, ${label}`} />
      <p class="card-label">
        <i class="dot" style={{ background: classCss(row) }} />
        <bdi>{label}</bdi>
      </p>
      <p class="card-facts">
        #{row} <span>{splitOf(row)}</span>
      </p>
      <p class="card-facts">
        <OwnId row={row} />
      </p>
    </div>
  );
}
