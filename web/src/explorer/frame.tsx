// The stage of an explorer, as Olah laid it out: an image for the axis upwards at the left, one for the axis across
// below, and between them the plot, which takes the room there is.

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { dataset } from "../state";
import { Legend } from "../ui/legend";
import "../style/explorer.css";

export interface Sizes {
  plot: number;
  image: number; // the longer side of the images of the axes
}

interface FrameProps {
  head: ComponentChildren;
  parts: (sizes: Sizes) => { up: JSX.Element; plot: JSX.Element; corner: JSX.Element; across: JSX.Element };
}

const TICKS = 40; // beside and below the plot
const HEAD = 36;
const CAPTION = 60; // under the image of an axis
const GAPS = 64;
const LEGEND = 84;

/** What there is room for in so many CSS pixels. */
export function sizesIn(width: number, height: number): Sizes {
  const image = Math.max(112, Math.min(224, Math.floor((0.25 * Math.min(width, height)) / 28) * 28));
  const across = width - image - TICKS - GAPS - LEGEND;
  const upward = height - image - TICKS - HEAD - CAPTION - GAPS + 24;
  return { image, plot: Math.max(160, Math.floor(Math.min(across, upward))) };
}

export function ExplorerFrame({ head, parts }: FrameProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [sizes, setSizes] = useState<Sizes | null>(null);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = (): void => setSizes(sizesIn(element.clientWidth, element.clientHeight));
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    measure();
    return () => watcher.disconnect();
  }, []);
  const made = sizes && parts(sizes);
  return (
    <div class="explorer" ref={frame}>
      <div class="explorer-head">{head}</div>
      {made && (
        <div class="explorer-grid" style={{ gridTemplateColumns: `${sizes.image}px auto minmax(0, 1fr)` }}>
          <div class="explorer-up">{made.up}</div>
          <div class="explorer-plot">{made.plot}</div>
          <div class="explorer-legend">{dataset.value && <Legend id="plot-legend" />}</div>
          <div class="explorer-corner">{made.corner}</div>
          <div class="explorer-across">{made.across}</div>
        </div>
      )}
    </div>
  );
}
