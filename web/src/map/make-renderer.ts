// What the map is drawn with in this browser: WebGL 2, or where it has none, the pixels of a picture.

import { CanvasRenderer } from "./canvas-renderer";
import type { Renderer } from "./drawing";
import { PointRenderer } from "./renderer";

let known: boolean | undefined;

/** Whether this browser has WebGL 2; found out once, on a canvas of its own, for a canvas keeps its first context. */
export function hasWebGl(): boolean {
  if (known === undefined) {
    const context = document.createElement("canvas").getContext("webgl2");
    known = context !== null;
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return known;
}

export function makeRenderer(canvas: HTMLCanvasElement, classes: number, onRestored: () => void): Renderer {
  return hasWebGl() ? new PointRenderer(canvas, classes, onRestored) : new CanvasRenderer(canvas);
}
