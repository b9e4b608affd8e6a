// A picture as pixels.

import type { Box } from "../paint";
import { BASELINE, type Fill, fontOf, type Lettering, type Pen, type Point, type Stroke } from "./pen";

export class CanvasPen implements Pen {
  readonly vector = false;

  constructor(private readonly context: CanvasRenderingContext2D) {
    context.lineJoin = "round";
  }

  rect({ left, top, width, height }: Box, look: Fill): void {
    this.context.beginPath();
    this.context.rect(left, top, width, height);
    this.put(look);
  }

  dot([x, y]: Point, radius: number, look: Fill & { opacity?: number }): void {
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.globalAlpha = look.opacity ?? 1;
    this.put(look);
    this.context.globalAlpha = 1;
  }

  lines(all: readonly (readonly Point[])[], { stroke, width, dashes = [] }: Stroke): void {
    this.context.beginPath();
    for (const points of all)
      points.forEach(([x, y], i) => {
        if (i === 0) this.context.moveTo(x, y);
        else this.context.lineTo(x, y);
      });
    this.context.setLineDash([...dashes]);
    this.put({ stroke, width });
    this.context.setLineDash([]);
  }

  text(says: string, [x, y]: Point, look: Lettering): void {
    const { context } = this;
    const below = BASELINE * look.size;
    context.save();
    context.translate(x, y);
    if (look.turned) context.rotate(-Math.PI / 2);
    context.font = fontOf(look);
    context.textAlign = look.anchor === "middle" ? "center" : (look.anchor ?? "start");
    if (look.halo) {
      context.strokeStyle = look.halo;
      context.lineWidth = 4;
      context.strokeText(says, 0, below);
    }
    context.fillStyle = look.colour;
    context.fillText(says, 0, below);
    context.restore();
  }

  image(source: HTMLCanvasElement, { left, top, width, height }: Box, crisp = false): void {
    this.context.imageSmoothingEnabled = !crisp;
    this.context.drawImage(source, left, top, width, height);
  }

  moved([x, y]: Point, scale: number, draw: () => void): void {
    this.context.save();
    this.context.translate(x, y);
    this.context.scale(scale, scale);
    draw();
    this.context.restore();
  }

  within({ left, top, width, height }: Box, draw: () => void): void {
    this.context.save();
    this.context.beginPath();
    this.context.rect(left, top, width, height);
    this.context.clip();
    draw();
    this.context.restore();
  }

  private put({ fill, stroke, width = 1 }: Fill): void {
    const { context } = this;
    if (fill) {
      context.fillStyle = fill;
      context.fill();
    }
    if (!stroke) return;
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.stroke();
  }
}
