// One picture of pixels, crisp at any size.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface PictureProps {
  rgba: Uint8ClampedArray<ArrayBuffer> | null;
  shape: readonly [number, number];
  /** the longer side, in CSS pixels */
  size: number;
  alt: string;
  id?: string;
  /** whose image it is */
  row?: number | null;
}

/** The size of a picture whose longer side has that many CSS pixels, and whole screen pixels for each of its own. */
export function pictureSize([height, width]: readonly [number, number], size: number): [number, number] {
  const exact = size / Math.max(height, width);
  const scale = exact >= 2 ? Math.floor(exact) : exact;
  return [width * scale, height * scale];
}

export function Picture({ rgba, shape, size, alt, id, row = null }: PictureProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = pictureSize(shape, size);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    if (rgba) context.putImageData(new ImageData(rgba, shape[1], shape[0]), 0, 0);
    else context.clearRect(0, 0, shape[1], shape[0]);
    context.canvas.dataset.row = rgba && row !== null ? String(row) : "";
  }, [rgba, shape, row]);
  return (
    <canvas
      class="thumb"
      id={id}
      ref={canvas}
      width={shape[1]}
      height={shape[0]}
      style={{ width: `${width}px`, height: `${height}px` }}
      role="img"
      aria-label={alt}
    />
  );
}
