// The chunk that draws charts: vega-embed, without anything that the page's policy forbids. Expressions are
// interpreted, not compiled, and the styles are our own.

import embed, { type VisualizationSpec } from "vega-embed";
import { captioned, factorFor, keepsShape, type Spec, widened } from "./fit";

export interface Hand {
  click(datum: unknown, event: MouseEvent): void;
  /** Over that mark's data, or over none. */
  over(datum: unknown): void;
}

export interface Drawn {
  /** How many pixels it takes. */
  width: number;
  close(): void;
}

const NEAR = 0.02; // a chart this near to the width is left as it is

/** Draw the chart into the box, as wide as there is room. */
export async function draw(box: HTMLElement, spec: Spec, says: string, hand: Hand): Promise<Drawn> {
  const bare = { ...captioned(spec, box.clientWidth), background: "transparent", description: says };
  const first = await embedded(box, bare);
  const shaped = keepsShape(spec);
  const width = sizeOf(box);
  const factor = factorFor(width, plotOf(first.view), box.clientWidth, shaped);
  let made = first;
  if (Math.abs(factor - 1) > NEAR) {
    first.finalize();
    made = await embedded(box, widened(bare, factor));
  }
  const datumOf = (item: unknown): unknown => (item as { datum?: unknown } | null | undefined)?.datum;
  made.view.addEventListener("click", (event, item) => hand.click(datumOf(item), event as MouseEvent));
  made.view.addEventListener("pointermove", (_, item) => hand.over(datumOf(item)));
  made.view.addEventListener("pointerout", () => hand.over(undefined));
  return { width: sizeOf(box), close: () => made.finalize() };
}

function embedded(box: HTMLElement, spec: Spec) {
  return embed(box, spec as unknown as VisualizationSpec, {
    mode: "vega-lite",
    actions: false,
    ast: true,
    defaultStyle: false,
    renderer: "canvas",
    tooltip: { disableDefaultStyle: true },
  });
}

const sizeOf = (box: HTMLElement): number => box.querySelector("canvas")?.clientWidth ?? 0;

/** The width of the plot itself; 0 where there are several. */
function plotOf(view: { width(): number }): number {
  const width = view.width();
  return Number.isFinite(width) ? width : 0;
}
