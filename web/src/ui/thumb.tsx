// One image, every pixel crisp. Grey ones are ink on paper: dark on light in the light theme, light on dark in the
// dark one; colours are as they are. Rows that are no images have none.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { inColour, inkOnPaper } from "../ink";
import { dataset, images, tell } from "../state";
import { dark } from "../theme";

interface ThumbProps {
  row: number;
  /** the longer side, in CSS pixels */
  size: number;
  alt: string;
}

export function Thumb({ row, size, alt }: ThumbProps): JSX.Element | null {
  const facts = dataset.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pixels, setPixels] = useState<{ row: number; values: Uint8Array } | null>(null);
  const invert = facts ? facts.ink_is_high !== dark.value : false;
  const shape = facts?.image_shape;
  const channels = facts?.channels ?? 1;

  useEffect(() => {
    if (!shape) return;
    let current = true;
    images.value
      ?.load(row)
      .then((values) => {
        if (current) setPixels({ row, values });
      })
      .catch((error: Error) => tell("warning", error.message));
    return () => {
      current = false;
    };
  }, [row, shape]);

  // Before the page is painted: what was there is another row's image, and does not stand beside this row's label.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !shape) return;
    const values = pixels?.row === row ? pixels.values : images.value?.peek(row);
    if (values?.length !== shape[0] * shape[1] * channels) {
      context.clearRect(0, 0, shape[1], shape[0]);
      delete context.canvas.dataset.row;
      return;
    }
    const rgba = channels === 3 ? inColour(values) : inkOnPaper(values, invert);
    context.putImageData(new ImageData(rgba, shape[1], shape[0]), 0, 0);
    context.canvas.dataset.row = String(row);
  }, [pixels, row, invert, shape, channels]);

  if (!shape) return null;
  const scale = size / Math.max(...shape);
  return (
    <canvas
      class="thumb"
      ref={canvas}
      width={shape[1]}
      height={shape[0]}
      style={{ width: `${shape[1] * scale}px`, height: `${shape[0] * scale}px` }}
      role="img"
      aria-label={alt}
    />
  );
}
