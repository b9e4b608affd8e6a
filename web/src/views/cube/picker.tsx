// The image that one chooses the pixel of an axis from: a click or a drag on it, or the arrows. Both axes are marked on
// both images: the one across by a bar that lies, the one upwards by a bar that stands.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Picture, pictureSize } from "../../explorer/picture";
import { pixelAt, placeOf } from "../../explorer/scale";
import type { DatasetRecord } from "../../net/wire";
import { arrayName, axes, axisName, setAxes, type Way } from "./axes";

interface PickerProps {
  facts: DatasetRecord;
  way: Way;
  size: number;
  rgba: Uint8ClampedArray<ArrayBuffer> | null;
  row: number | null;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export function Picker({ facts, way, size, rgba, row }: PickerProps): JSX.Element {
  const shape = facts.image_shape as [number, number];
  const [width, height] = pictureSize(shape, size);
  const [under, setUnder] = useState<number | null>(null);
  const holding = useRef(false);
  const element = useRef<HTMLDivElement>(null);
  const index = axes.value[way];
  const at = (event: PointerEvent): number => {
    const box = (element.current as HTMLDivElement).getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * shape[1];
    const y = (1 - (event.clientY - box.top) / box.height) * shape[0];
    return pixelAt(x, y, shape);
  };
  const choose = (pixel: number): void => setAxes({ [way]: pixel }, `${axisName(facts, pixel)} ${way}`);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setUnder(null);
    const [x, y] = placeOf(index, shape);
    choose(pixelAt(x + step[0], y + step[1], shape));
  };
  const name = axisName(facts, index);
  return (
    <figure class={`picker ${way}`}>
      <div
        class="picker-image"
        id={`pick-${way}`}
        ref={element}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its own keys move the pixel
        tabIndex={0}
        role="application"
        aria-label={`Pixel of the axis ${way}: ${name}, ${arrayName(facts, index)}. Arrows move it.`}
        data-pixel={index}
        style={{ width: `${width}px`, height: `${height}px` }}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          holding.current = true;
          element.current?.setPointerCapture(event.pointerId);
          choose(at(event));
        }}
        onPointerMove={(event) => {
          const pixel = at(event);
          setUnder(pixel);
          if (holding.current) choose(pixel);
        }}
        onPointerUp={() => {
          holding.current = false;
        }}
        onPointerLeave={() => setUnder(null)}
      >
        <Picture
          id={`image-${way}`}
          rgba={rgba}
          shape={shape}
          size={size}
          row={row}
          alt={row === null ? "the backdrop" : `image ${row}`}
        />
        <svg viewBox={`0 0 ${shape[1]} ${shape[0]}`} aria-hidden="true">
          {under !== null && under !== index && <Square pixel={under} shape={shape} kind="under" />}
          <Handle way={way === "across" ? "up" : "across"} facts={facts} own={false} />
          <Handle way={way} facts={facts} own={true} />
        </svg>
      </div>
      <figcaption>
        <b class="axis-name">
          <Arrow way={way} /> {under === null ? name : axisName(facts, under)}
        </b>
        <span class="axis-place">{arrayName(facts, under ?? index)}</span>
      </figcaption>
    </figure>
  );
}

/** Which way an axis runs, beside its name. */
export const Arrow = ({ way }: { way: Way }): JSX.Element => (
  <i class={`axis-arrow ${way}`} aria-hidden="true">
    {way === "across" ? "↔" : "↕"}
  </i>
);

function Square(props: { pixel: number; shape: readonly [number, number]; kind: string }): JSX.Element {
  const { pixel, shape, kind } = props;
  const [x, y] = placeOf(pixel, shape);
  return <rect class={kind} x={x} y={shape[0] - 1 - y} width={1} height={1} />;
}

/** The mark of an axis on the image: a frame round its pixel, and a bar through it the way that the axis runs. */
function Handle({ way, facts, own }: { way: Way; facts: DatasetRecord; own: boolean }): JSX.Element {
  const shape = facts.image_shape as [number, number];
  const [x, y] = placeOf(axes.value[way], shape);
  const top = shape[0] - 1 - y;
  const reach = 0.045 * Math.max(...shape);
  const line =
    way === "across"
      ? { x1: x - reach, x2: x + 1 + reach, y1: top + 0.5, y2: top + 0.5 }
      : { x1: x + 0.5, x2: x + 0.5, y1: top - reach, y2: top + 1 + reach };
  return (
    <g class={`handle ${way} ${own ? "own" : "other"}`}>
      <line class="halo" {...line} />
      <rect class="halo" x={x} y={top} width={1} height={1} />
      <line {...line} />
      <rect x={x} y={top} width={1} height={1} />
    </g>
  );
}
