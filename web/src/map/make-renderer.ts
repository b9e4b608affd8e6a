// What the map is drawn with in this browser: WebGL 2 where a graphics card does it, else the pixels of a picture.

import { CanvasRenderer } from "./canvas-renderer";
import type { Renderer } from "./drawing";
import { PointRenderer } from "./renderer";

/** Who draws WebGL 2: a graphics card, the processor in its place, or nobody. */
export type Card = "card" | "processor" | "none";

const IMITATED = /swiftshader|llvmpipe|softpipe|software|basic render/i;

let known: Card | undefined;

/** Found out once, on a canvas of its own, for a canvas keeps its first context. */
export function card(): Card {
  if (known === undefined) {
    const context = document.createElement("canvas").getContext("webgl2");
    const names = context?.getExtension("WEBGL_debug_renderer_info");
    const name = context?.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
    known = !context ? "none" : IMITATED.test(String(name)) ? "processor" : "card";
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return known;
}

/** Whether this browser has WebGL 2 at all. */
export const hasWebGl = (): boolean => card() !== "none";

/** A processor paints dots into a picture several times as fast as it imitates a card that draws them. */
export function makeRenderer(canvas: HTMLCanvasElement, classes: number, onRestored: () => void): Renderer {
  return card() === "card" ? new PointRenderer(canvas, classes, onRestored) : new CanvasRenderer(canvas);
}
