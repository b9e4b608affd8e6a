// The plot of an explorer as a picture: its dots between their axes, and what each axis is.

import type { Rgb } from "../palette";
import { css } from "../palette";
import { shapesIn } from "../picture/marks";
import { type Pen, type Point, RATIO } from "../picture/pen";
import type { Drawing, Ink } from "../picture/sheet";
import type { DotPlot, PlacedDot } from "./dot-plot";
import type { Axis } from "./scale";

/** What a picture says of one axis. */
export interface AxisTitle {
  name: string;
  /** what stands below it, a line each */
  says: readonly string[];
}

export interface PlotParts {
  /** The part of the page that it stands on: the images of the axes are taken from there. */
  area: Element;
  plot: DotPlot;
  size: number;
  across: Axis;
  up: Axis;
  /** What runs along the axes, from their low end on; null: nothing. */
  ramp: readonly Rgb[] | null;
  title: string;
  titles: { across: AxisTitle; up: AxisTitle };
  /** Where a row stands that is kept or pointed at, and its colour. */
  rings: readonly { place: Point; colour: string; kept: boolean }[];
}

/** More dots than that would make a vector graphic that programs open slowly: they are laid into it as pixels. */
const MOST_DOTS = 5000;
const EDGE = 16;
const HEAD = 40;
const TICKS = 44; // beside and below the plot
const GAP = 16;
const BAR = { away: 4, width: 8 };
const SMALL = 12;

export function plotDrawing(parts: PlotParts): Drawing {
  const images = { up: imageOf(parts.area, "up"), across: imageOf(parts.area, "across") };
  const beside = Math.max(images.up.width, 120);
  const left = EDGE + beside + GAP + TICKS;
  const under = HEAD + parts.size + TICKS;
  const lines = Math.max(parts.titles.across.says.length, parts.titles.up.says.length);
  const caption = 24 + 16 * lines;
  return {
    width: left + parts.size + EDGE,
    height: under + images.across.height + caption,
    coloured: true,
    draw: (pen, ink) => {
      pen.text(parts.title, [EDGE, HEAD / 2], { size: 14, bold: true, colour: ink.text });
      drawPlot(pen, ink, parts, [left, HEAD]);
      const top = HEAD + (parts.size - images.up.height - caption) / 2;
      drawAxis(pen, ink, images.up, parts.titles.up, [EDGE, top]);
      const middle = left + (parts.size - images.across.width) / 2;
      drawAxis(pen, ink, images.across, parts.titles.across, [middle, under]);
    },
  };
}

function drawPlot(pen: Pen, ink: Ink, parts: PlotParts, [left, top]: Point): void {
  const { plot, size, across, up, ramp } = parts;
  const box = { left, top, width: size, height: size };
  const dots = pen.vector ? plot.dots() : [];
  pen.within(box, () => {
    if (pen.vector && dots.length <= MOST_DOTS)
      for (const dot of dots) drawDot(pen, dot, [left, top], plot.radius);
    else pen.image(plot.snapshot(RATIO), box);
    for (const { place, colour, kept } of parts.rings) {
      const at: Point = [left + place[0], top + place[1]];
      pen.dot(at, 8, { fill: kept ? ink.accent : ink.text });
      pen.dot(at, 6, { fill: ink.ground });
      pen.dot(at, 4, { fill: colour });
    }
  });
  pen.rect(box, { stroke: ink.line, width: 1 });
  ramp?.forEach((colour, i) => {
    const long = size / ramp.length;
    const last = i === ramp.length - 1 ? 0 : 1; // each reaches under the next
    const look = { fill: css(colour) };
    const aside = left - BAR.away - BAR.width;
    pen.rect(
      { left: left + i * long, top: top + size + BAR.away, width: long + last, height: BAR.width },
      look,
    );
    const bottom = top + size - i * long;
    pen.rect({ left: aside, top: bottom - long - last, width: BAR.width, height: long + last }, look);
  });
  if (ramp) {
    pen.rect({ left, top: top + size + BAR.away, width: size, height: BAR.width }, { stroke: ink.line });
    pen.rect(
      { left: left - BAR.away - BAR.width, top, width: BAR.width, height: size },
      { stroke: ink.line },
    );
  }
  const look = { size: SMALL, colour: ink.quiet };
  for (const { at, text } of across.ticks)
    pen.text(text, [left + at * size, top + size + 22], { ...look, anchor: "middle" });
  for (const { at, text } of up.ticks)
    pen.text(text, [left - 16, top + (1 - at) * size], { ...look, anchor: "end" });
}

function drawDot(pen: Pen, dot: PlacedDot, [left, top]: Point, radius: number): void {
  const at: Point = [left + dot.place[0], top + dot.place[1]];
  const { opacity } = dot;
  if (dot.stamp.rim === 0) pen.dot(at, radius, { fill: css(dot.core), opacity });
  else {
    const rim = css(dot.rim.map(Math.round) as unknown as Rgb);
    pen.dot(at, radius - 0.5, { fill: css(dot.core), stroke: rim, width: 1, opacity });
  }
}

interface AxisImage {
  shown: HTMLCanvasElement | null;
  marks: SVGSVGElement | null;
  width: number;
  height: number;
}

/** What the page shows of an axis: an image with a mark on its pixel, or weights as bars. */
function imageOf(area: Element, way: "up" | "across"): AxisImage {
  const shown = area.querySelector<HTMLCanvasElement>(`.explorer-${way} canvas`);
  const marks = area.querySelector<SVGSVGElement>(`.explorer-${way} svg`);
  const { width = 0, height = 0 } = (shown ?? marks)?.getBoundingClientRect() ?? {};
  return { shown, marks, width, height };
}

function drawAxis(pen: Pen, ink: Ink, image: AxisImage, title: AxisTitle, [left, top]: Point): void {
  const box = { left, top, width: image.width, height: image.height };
  if (image.shown) {
    pen.image(image.shown, box, true);
    pen.rect(box, { stroke: ink.line });
  }
  if (image.marks) shapesIn(pen, image.marks, [left, top]);
  const under = top + image.height + 8;
  pen.text(title.name, [left, under + 8], { size: 14, bold: true, colour: ink.text });
  title.says.forEach((line, i) => {
    pen.text(line, [left, under + 28 + 16 * i], { size: SMALL, colour: ink.quiet });
  });
}
