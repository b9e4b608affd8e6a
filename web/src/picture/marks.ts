// What stands on the page above a canvas, drawn again where it stands: lines, arrows and rings.

import type { Pen, Point } from "./pen";

/** The middle of a part of the page, from the top left of the area round it. */
export function middleOf(part: Element, area: Element): Point {
  const [box, all] = [part.getBoundingClientRect(), area.getBoundingClientRect()];
  return [box.x + box.width / 2 - all.x, box.y + box.height / 2 - all.y];
}

/** The lines, rectangles and straight paths of an SVG on the page, from `at` on. */
export function shapesIn(pen: Pen, svg: SVGSVGElement, at: Point): void {
  const own = svg.getBoundingClientRect();
  for (const shape of svg.querySelectorAll<SVGGraphicsElement>("line, rect, path")) {
    const matrix = shape.getScreenCTM();
    const style = getComputedStyle(shape);
    const group = shape.parentElement && getComputedStyle(shape.parentElement);
    if (!matrix || group?.opacity !== "1") continue; // a mark that is faint is there for whoever points at it
    const placed = ([x, y]: Point): Point => [
      at[0] + matrix.a * x + matrix.c * y + matrix.e - own.x,
      at[1] + matrix.b * x + matrix.d * y + matrix.f - own.y,
    ];
    const grown = style.getPropertyValue("vector-effect") === "non-scaling-stroke" ? 1 : matrix.a;
    const width = grown * (Number.parseFloat(style.strokeWidth) || 1);
    const stroke = style.stroke === "none" ? undefined : style.stroke;
    if (shape instanceof SVGRectElement) {
      const { x, y, width: across, height: down } = shape;
      const [left, top] = placed([x.baseVal.value, y.baseVal.value]);
      const box = {
        left,
        top,
        width: matrix.a * across.baseVal.value,
        height: matrix.d * down.baseVal.value,
      };
      const fill = style.fill === "none" ? undefined : style.fill;
      pen.rect(box, { ...(fill && { fill }), ...(stroke && { stroke, width }) });
    } else if (stroke) {
      const dashes = style.strokeDasharray.split(",").map(Number.parseFloat).filter(Number.isFinite);
      pen.lines(
        pointsOf(shape).map((line) => line.map(placed)),
        { stroke, width, dashes },
      );
    }
  }
}

/** The corners of each of its lines: of a path those that M and L lead to. */
function pointsOf(shape: SVGGraphicsElement): Point[][] {
  if (shape instanceof SVGLineElement) {
    const { x1, y1, x2, y2 } = shape;
    return [
      [
        [x1.baseVal.value, y1.baseVal.value],
        [x2.baseVal.value, y2.baseVal.value],
      ],
    ];
  }
  const parts = (shape.getAttribute("d") ?? "").split("M").slice(1);
  return parts.map((part) =>
    part.split("L").map((pair) => {
      const [x = 0, y = 0] = pair
        .trim()
        .split(/[\s,]+/)
        .map(Number);
      return [x, y] as const;
    }),
  );
}

/** The rings round the row that is kept and the one under the pointer. */
export function ringsIn(pen: Pen, area: Element, [left, top]: Point = [0, 0]): void {
  for (const ring of area.querySelectorAll<HTMLElement>(".ring")) {
    const radius = ring.getBoundingClientRect().width / 2;
    const [x, y] = middleOf(ring, area);
    const style = getComputedStyle(ring);
    for (const [grown, fill] of [
      [2, style.outlineColor],
      [0, style.borderTopColor],
      [-2, style.backgroundColor],
    ] as const)
      pen.dot([left + x, top + y], radius + grown, { fill });
  }
}
