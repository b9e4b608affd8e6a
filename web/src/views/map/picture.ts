// The map as it is seen, from here and without what is hidden, as a picture: dots, edges, images, the lines to the
// nearest, the rings and the names of the classes, as they stand on the page.

import { mapName } from "../../kept";
import { middleOf, ringsIn, shapesIn } from "../../picture/marks";
import type { Picture } from "../../picture/offered";
import { type Pen, RATIO } from "../../picture/pen";
import type { Ink } from "../../picture/sheet";
import { shownRun, stage } from "../../state";

const NAMES = { size: 18, bold: true, anchor: "middle" } as const;

/** Null before there is a map. */
export function mapPicture(): Picture | null {
  const made = stage.peek();
  const run = shownRun.peek();
  const area = document.querySelector<HTMLElement>("main.stage");
  if (!made || !run || !area) return null;
  const { width, height } = made.view;
  const all = { left: 0, top: 0, width, height };
  const draw = (pen: Pen, ink: Ink): void =>
    pen.within(all, () => {
      pen.image(made.picture(RATIO), all);
      const lines = area.querySelector<SVGSVGElement>("svg.near-lines");
      if (lines) shapesIn(pen, lines, [0, 0]);
      const images = area.querySelector<HTMLCanvasElement>("#pictures");
      if (images && images.width > 0) pen.image(images, all, true);
      ringsIn(pen, area);
      for (const label of area.querySelectorAll<HTMLElement>(".labels bdi")) {
        pen.text(label.innerText, middleOf(label, area), { ...NAMES, colour: ink.text, halo: ink.ground });
      }
    });
  return { name: `${mapName(run)} view`, shows: { width, height, coloured: true, draw } };
}
