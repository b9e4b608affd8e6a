// The stage of an explorer, as Olah laid it out: an image for the axis upwards at the left, one for the axis across
// below, and between them the plot, which takes the room there is. Where that is little, both images stand at the left, or
// below.

import type { ComponentChildren, JSX } from "preact";
import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import { dataset } from "../state";
import { Legend } from "../ui/legend";
import { StandingContext } from "../views/registry";
import "../style/explorer.css";

export interface Sizes {
  plot: number;
  image: number; // the longer side of the images of the axes
  place: "around" | "left" | "below"; // of those images, beside the plot
  terse: boolean; // without all that is said in other places too
}

interface FrameProps {
  head: ComponentChildren;
  parts: (sizes: Sizes) => { up: JSX.Element; plot: JSX.Element; corner: JSX.Element; across: JSX.Element };
}

const TICKS = 40; // beside and below the plot
const HEAD = 36;
const LOW_HEAD = 32;
const CAPTION = 60; // under the image of an axis
const NAME = 24; // the same without what is said in other places too
const GAPS = 64;
const LEGEND = 84;
const COLUMN = 96; // of small images, with their names
const STEP = 28; // of the images: MNIST's stay crisp
const LEAST_AROUND = 240; // a smaller plot gains by another place of the images
const LEAST = 136;

const wholeSteps = (size: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.floor(size / STEP) * STEP));

/** What there is room for in so many CSS pixels, with a legend at the right or without. */
export function sizesIn(width: number, height: number, legend: boolean): Sizes {
  const right = legend ? LEGEND : 0;
  const image = wholeSteps(0.25 * Math.min(width, height), 112, 224);
  const across = width - image - TICKS - GAPS - right;
  const upward = height - image - TICKS - HEAD - CAPTION - GAPS + 24;
  const plot = Math.floor(Math.min(across, upward));
  if (plot >= LEAST_AROUND) return { image, plot, place: "around", terse: false };
  const [left, below] = [atTheLeft(width - right, height), underneath(width - right, height)];
  return left.plot < below.plot ? below : left;
}

function atTheLeft(width: number, height: number): Sizes {
  const each = (height - LOW_HEAD - 8) / 2;
  const terse = each < 112 + CAPTION;
  const image = wholeSteps(each - (terse ? NAME : CAPTION), 56, 112);
  const room = Math.min(width - Math.max(COLUMN, image) - 92, height - LOW_HEAD - TICKS);
  return { image, plot: Math.max(LEAST, Math.floor(room)), place: "left", terse };
}

function underneath(width: number, height: number): Sizes {
  const image = wholeSteps(0.2 * height, 56, 112);
  const room = Math.min(width - 80, height - LOW_HEAD - TICKS - image - CAPTION - 24);
  return { image, plot: Math.max(LEAST, Math.floor(room)), place: "below", terse: false };
}

export function ExplorerFrame({ head, parts }: FrameProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const { alone } = useContext(StandingContext);
  const [sizes, setSizes] = useState<Sizes | null>(null);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = (): void => setSizes(sizesIn(element.clientWidth, element.clientHeight, alone));
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    measure();
    return () => watcher.disconnect();
  }, []);
  const made = sizes && parts(sizes);
  return (
    <div class={explorerClass(sizes)} ref={frame}>
      <div class="explorer-head">{head}</div>
      {made && (
        <div class="explorer-grid" style={{ "--image": `${sizes.image}px` }}>
          <div class="explorer-up">{made.up}</div>
          <div class="explorer-plot">{made.plot}</div>
          {alone && <div class="explorer-legend">{dataset.value && <Legend id="plot-legend" />}</div>}
          <div class="explorer-corner">{made.corner}</div>
          <div class="explorer-across">{made.across}</div>
        </div>
      )}
    </div>
  );
}

const explorerClass = (sizes: Sizes | null): string =>
  ["explorer", sizes && sizes.place !== "around" && `small ${sizes.place}`, sizes?.terse && "terse"]
    .filter(Boolean)
    .join(" ");
