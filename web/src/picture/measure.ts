// How wide text is.

import { fontOf, type Lettering } from "./pen";

let ruler: CanvasRenderingContext2D | null = null;

/** In CSS pixels. */
export function widthOf(says: string, look: Pick<Lettering, "size" | "bold">): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return 0.6 * look.size * says.length;
  ruler.font = fontOf(look);
  return ruler.measureText(says).width;
}
