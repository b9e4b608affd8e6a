// All that stands beside each other as one picture: each pane with what is in it above it, as they stand on the page.

import { type Signal, signal } from "@preact/signals";
import type { Box } from "../../paint";
import { ringsIn, shapesIn } from "../../picture/marks";
import { widthOf } from "../../picture/measure";
import type { Offer, Picture } from "../../picture/offered";
import { fitted, type Pen, RATIO } from "../../picture/pen";
import type { Drawing, Ink } from "../../picture/sheet";
import { stageOf } from "./pane";

const EDGE = 12;
const NAME = { size: 12, bold: true };
const SAYS = { size: 12 };

const offers = new Map<string, Signal<Offer | null>>();

/** What the view of that id offers as a picture while it stands in a pane. */
export function pictureOf(view: string): Signal<Offer | null> {
  const found = offers.get(view) ?? signal<Offer | null>(null);
  offers.set(view, found);
  return found;
}

/** Null where nothing stands there. */
export function comparePicture(): Picture | null {
  const grid = document.querySelector<HTMLElement>("#view .compare-grid");
  const panes = [...(grid?.querySelectorAll<HTMLElement>(".compare-pane") ?? [])];
  if (!grid || panes.length === 0) return null;
  const all = grid.getBoundingClientRect();
  const draw: Drawing["draw"] = (pen, ink) => {
    for (const pane of panes) drawPane(pen, ink, pane, (part) => placed(part, all));
  };
  return { name: "compare", shows: { width: all.width, height: all.height, coloured: true, draw } };
}

/** Where a part of the page lies within another. */
function placed(part: Element, all: DOMRect): Box {
  const { x, y, width, height } = part.getBoundingClientRect();
  return { left: x - all.x, top: y - all.y, width, height };
}

function drawPane(pen: Pen, ink: Ink, pane: HTMLElement, boxOf: (part: Element) => Box): void {
  const body = pane.querySelector<HTMLElement>(".compare-area, .compare-view");
  if (!body) return;
  const [whole, box] = [boxOf(pane), boxOf(body)];
  drawHead(pen, ink, pane, { ...whole, height: box.top - whole.top });
  const map = pane.querySelector<HTMLCanvasElement>(".compare-area canvas");
  const stage = map && stageOf(map);
  pen.within(box, () => {
    if (stage) {
      pen.image(stage.picture(RATIO), box);
      const arrows = body.querySelector<SVGSVGElement>("svg.pane-over");
      if (arrows) shapesIn(pen, arrows, [box.left, box.top]);
      ringsIn(pen, body, [box.left, box.top]);
    } else drawView(pen, ink, pane, boxOf, box);
  });
  pen.rect(whole, { stroke: ink.line, width: 1 });
}

function drawHead(pen: Pen, ink: Ink, pane: HTMLElement, { left, top, width, height }: Box): void {
  const name = pane.querySelector<HTMLSelectElement>("header select")?.selectedOptions[0]?.text ?? "";
  const says = pane.querySelector<HTMLElement>("header .quiet")?.innerText ?? "";
  const middle = top + height / 2;
  const room = width - 2 * EDGE;
  const shown = fitted(name, room, (text) => widthOf(text, NAME));
  pen.text(shown, [left + EDGE, middle], { ...NAME, colour: ink.text });
  const rest = room - widthOf(shown, NAME) - EDGE;
  const said = fitted(says, rest, (text) => widthOf(text, SAYS));
  pen.text(said, [left + width - EDGE, middle], { ...SAYS, colour: ink.quiet, anchor: "end" });
}

/** A view as it is drawn where it stands alone, as large as there is room; a chart as it is on the page. */
function drawView(pen: Pen, ink: Ink, pane: HTMLElement, boxOf: (part: Element) => Box, box: Box): void {
  const drawing = pictureOf(pane.dataset.view ?? "")
    .peek()
    ?.make("png")?.shows;
  if (drawing && !(drawing instanceof Promise)) {
    pen.rect(box, { fill: ink[drawing.ground ?? "ground"] });
    const scale = Math.min(1, box.width / drawing.width, box.height / drawing.height);
    const left = box.left + (box.width - scale * drawing.width) / 2;
    pen.moved([left, box.top], scale, () => drawing.draw(pen, ink));
    return;
  }
  for (const canvas of pane.querySelectorAll("canvas")) pen.image(canvas, boxOf(canvas));
}
