// The maps beside each other as one picture: each with its name above it, as they stand on the page.

import { ringsIn, shapesIn } from "../../picture/marks";
import { widthOf } from "../../picture/measure";
import type { Picture } from "../../picture/offer";
import { fitted, type Pen, RATIO } from "../../picture/pen";
import type { Drawing, Ink } from "../../picture/sheet";
import { stageOf } from "./pane";

const HEAD = 36;
const NAME = { size: 12, bold: true };
const STATE = { size: 12 };
const EDGE = 12;

/** Null where no map stands there. */
export function comparePicture(): Picture | null {
  const grid = document.querySelector<HTMLElement>("#view .compare-grid");
  const sections = [...(grid?.querySelectorAll<HTMLElement>(".compare-map") ?? [])].filter(mapIn);
  if (!grid || sections.length === 0) return null;
  const all = grid.getBoundingClientRect();
  const draw: Drawing["draw"] = (pen, ink) => {
    for (const section of sections) drawMap(pen, ink, section, all);
  };
  return { name: "compare", shows: { width: all.width, height: all.height, coloured: true, draw } };
}

const mapIn = (section: Element): HTMLCanvasElement | null => {
  const canvas = section.querySelector<HTMLCanvasElement>(".compare-area canvas");
  return canvas && stageOf(canvas) ? canvas : null;
};

function drawMap(pen: Pen, ink: Ink, section: HTMLElement, all: DOMRect): void {
  const canvas = mapIn(section);
  const stage = canvas && stageOf(canvas);
  const area = canvas?.parentElement;
  if (!stage || !area) return;
  const outer = section.getBoundingClientRect();
  const inner = area.getBoundingClientRect();
  const [left, top] = [inner.x - all.x, inner.y - all.y];
  const box = { left, top, width: inner.width, height: inner.height };
  const name = section.querySelector<HTMLSelectElement>("header select")?.selectedOptions[0]?.text ?? "";
  const state = section.querySelector<HTMLElement>("header .quiet")?.innerText ?? "";
  const stateWidth = widthOf(state, STATE);
  const room = outer.width - 3 * EDGE - stateWidth;
  const says = fitted(name, room, (text) => widthOf(text, NAME));
  const line = outer.y - all.y + Math.min(HEAD, inner.y - outer.y) / 2;
  pen.text(says, [left + EDGE, line], { ...NAME, colour: ink.text });
  const right = left + inner.width - EDGE;
  pen.text(state, [right, line], { ...STATE, colour: ink.quiet, anchor: "end" });
  pen.within(box, () => {
    pen.image(stage.picture(RATIO), box);
    const arrows = area.querySelector<SVGSVGElement>("svg.pane-over");
    if (arrows) shapesIn(pen, arrows, [left, top]);
    ringsIn(pen, area, [left, top]);
  });
  const frame = { left, top: outer.y - all.y, width: outer.width, height: outer.height };
  pen.rect(frame, { stroke: ink.line, width: 1 });
}
