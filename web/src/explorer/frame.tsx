// The stage of an explorer, as Olah laid it out: an image for the axis upwards at the left, one for the axis across
// below, and between them the plot, which takes the room there is. Where that is little, both images stand at the left, or
// below.

import type { ComponentChildren, JSX } from "preact";
import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import { dataset } from "../state";
import { Legend } from "../ui/legend";
import { StandingContext } from "../views/registry";
import { type Sizes, sizesIn } from "./sizes";
import "../style/explorer.css";

interface FrameProps {
  head: ComponentChildren;
  parts: (sizes: Sizes) => { up: JSX.Element; plot: JSX.Element; corner: JSX.Element; across: JSX.Element };
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
