// The pictures of one image on the page, and the mark on what is pointed at.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { numberText } from "../../columns";
import { count } from "../../format";
import { dataset, labelOf } from "../../state";
import { dark } from "../../theme";
import { channel, pixel, place, point, range, shares, type Values } from "./looked";
import { drawBars, drawImage, drawNumbers, drawVector, type Look, STRIP } from "./pictures";
import { indexOf, type Part, type Shape, type Sizes } from "./pixel";

const BARS_HEIGHT = 240;

function lookNow(element: Element): Look {
  const style = getComputedStyle(element);
  return {
    invert: dataset.value ? dataset.value.ink_is_high !== dark.value : false,
    text: style.getPropertyValue("--text"),
    quiet: style.getPropertyValue("--quiet"),
  };
}

/** The place under the pointer, in cells of a picture of `across` times `down`. */
function cellUnder(event: PointerEvent, across: number, down: number): [column: number, line: number] {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const column = Math.floor(((event.clientX - box.left) / box.width) * across);
  const line = Math.floor(((event.clientY - box.top) / box.height) * down);
  return [Math.min(across - 1, Math.max(0, column)), Math.min(down - 1, Math.max(0, line))];
}

interface PartProps {
  shown: Values;
  form: Shape;
  sizes: Sizes;
  about: Part;
}

export function Picture({ shown, form, sizes, about }: PartProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = [form.width * sizes.pixel, form.height * sizes.pixel];
  const isDark = dark.value;
  useLayoutEffect(() => {
    if (canvas.current) drawImage(canvas.current, shown.shades, form, sizes.pixel, lookNow(canvas.current));
  }, [shown, form, sizes.pixel, isDark]);
  const onMove = (event: PointerEvent): void => {
    const [column, line] = cellUnder(event, form.width, form.height);
    point(indexOf(line, column, channel.value, form));
  };
  const whole = about.height === form.height && about.width === form.width;
  const framed = { left: about.left, top: about.top, width: about.width, height: about.height };
  return (
    <figure>
      <div
        class="inspector-picture"
        style={{ width: `${width}px`, height: `${height}px` }}
        onPointerMove={onMove}
        onPointerLeave={() => point(null)}
      >
        <canvas
          ref={canvas}
          id="inspector-image"
          data-row={shown.row}
          tabIndex={0}
          role="img"
          aria-label={`image ${shown.row}, ${labelOf(shown.row)}; the arrow keys go from pixel to pixel`}
          onKeyDown={(event) => onKey(event, form)}
        />
        {!whole && <Mark box={framed} unit={sizes.pixel} thin />}
        {place.value && (
          <Mark
            box={{ left: place.value.column, top: place.value.row, width: 1, height: 1 }}
            unit={sizes.pixel}
          />
        )}
      </div>
      <figcaption>
        {count(form.height)} rows × {count(form.width)} columns
        {form.channels === 3 && " in red, green and blue"}
      </figcaption>
    </figure>
  );
}

function onKey(event: KeyboardEvent, form: Shape): void {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const at = place.value ?? {
    row: (form.height >> 1) - (step[0] ?? 0),
    column: (form.width >> 1) - (step[1] ?? 0),
  };
  const line = Math.min(form.height - 1, Math.max(0, at.row + (step[0] ?? 0)));
  const column = Math.min(form.width - 1, Math.max(0, at.column + (step[1] ?? 0)));
  point(indexOf(line, column, channel.value, form));
}

export function Numbers({ shown, form, sizes, about }: PartProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = [about.width * sizes.cell, about.height * sizes.cell];
  const isDark = dark.value;
  const of = channel.value;
  const asShares = shares.value;
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const look = lookNow(canvas.current);
    const says = (index: number): string => valueText(shown, index);
    drawNumbers(canvas.current, shown.shades, says, form, about, of, sizes.cell, look);
  }, [shown, form, about, sizes.cell, isDark, of, asShares]);
  const onMove = (event: PointerEvent): void => {
    const [column, line] = cellUnder(event, about.width, about.height);
    point(indexOf(about.top + line, about.left + column, of, form), true);
  };
  const at = place.value;
  const inside =
    at &&
    at.row >= about.top &&
    at.row < about.top + about.height &&
    at.column >= about.left &&
    at.column < about.left + about.width;
  const whole = about.height === form.height && about.width === form.width;
  return (
    <figure>
      <div
        class="inspector-picture"
        style={{ width: `${width}px`, height: `${height}px` }}
        onPointerMove={onMove}
        onPointerLeave={() => point(null, true)}
      >
        <canvas
          ref={canvas}
          id="inspector-numbers"
          data-row={shown.row}
          role="img"
          aria-label={`the values of image ${shown.row} as a matrix of numbers`}
        />
        {at && inside && (
          <Mark
            box={{ left: at.column - about.left, top: at.row - about.top, width: 1, height: 1 }}
            unit={sizes.cell}
          />
        )}
      </div>
      <figcaption class="inspector-caption">
        {whole
          ? "as a matrix: each number on its shade"
          : `rows ${about.top} to ${about.top + about.height - 1}, columns ${about.left} to ${about.left + about.width - 1}`}
        <Ramp />
      </figcaption>
    </figure>
  );
}

/** A value as it stands in the matrix. */
export const valueText = ({ shades, own }: Values, index: number): string =>
  shares.value ? shareText(shades[index] ?? 0) : numberText(own[index] ?? Number.NaN);

const shareText = (shade: number): string => {
  const text = (shade / 255).toFixed(1);
  return text === "0.0" ? "0" : text === "1.0" ? "1" : text.slice(1);
};

export function Strip({ shown, form, sizes }: Omit<PartProps, "about">): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = shown.shades.length * sizes.value;
  const isDark = dark.value;
  useLayoutEffect(() => {
    if (canvas.current) drawVector(canvas.current, shown.shades, form, sizes.value, lookNow(canvas.current));
  }, [shown, form, sizes.value, isDark]);
  const index = pixel.value;
  return (
    <figure>
      <div
        class="inspector-picture"
        style={{ width: `${width}px`, height: `${STRIP + 6}px` }}
        onPointerMove={(event) => point(cellUnder(event, shown.shades.length, 1)[0])}
        onPointerLeave={() => point(null)}
      >
        <canvas
          ref={canvas}
          id="inspector-vector"
          data-row={shown.row}
          role="img"
          aria-label={`the ${count(shown.shades.length)} values of image ${shown.row} in one line`}
        />
        {index !== null && <Needle left={(index + 0.5) * sizes.value} height={STRIP} />}
      </div>
      <figcaption>
        as a vector of {count(shown.shades.length)} values, row after row: index ={" "}
        {form.channels === 1
          ? `${form.width} · row + column`
          : `${form.channels} · (${form.width} · row + column) + channel`}
      </figcaption>
    </figure>
  );
}

/** Plain values: there is nothing but the vector. */
export function Vector({ shown, width }: { shown: Values; width: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = dark.value;
  useLayoutEffect(() => {
    if (canvas.current) drawBars(canvas.current, shown.shades, width, BARS_HEIGHT, isDark);
  }, [shown, width, isDark]);
  const index = pixel.value;
  return (
    <figure>
      <div
        class="inspector-picture"
        style={{ width: `${width}px`, height: `${BARS_HEIGHT}px` }}
        onPointerMove={(event) => point(cellUnder(event, shown.own.length, 1)[0])}
        onPointerLeave={() => point(null)}
      >
        <canvas
          ref={canvas}
          id="inspector-vector"
          data-row={shown.row}
          role="img"
          aria-label={`the ${count(shown.own.length)} values of row ${shown.row}`}
        />
        {index !== null && <Needle left={((index + 0.5) / shown.own.length) * width} height={BARS_HEIGHT} />}
      </div>
      <figcaption>
        {count(shown.own.length)} values, from the least that the data can have to the greatest
      </figcaption>
    </figure>
  );
}

interface MarkProps {
  box: { left: number; top: number; width: number; height: number };
  unit: number;
  thin?: boolean;
}

function Mark({ box, unit, thin = false }: MarkProps): JSX.Element {
  return (
    <i
      class={thin ? "inspector-mark thin" : "inspector-mark"}
      style={{
        transform: `translate(${box.left * unit}px, ${box.top * unit}px)`,
        width: `${Math.max(4, box.width * unit)}px`,
        height: `${Math.max(4, box.height * unit)}px`,
      }}
    />
  );
}

const Needle = ({ left, height }: { left: number; height: number }): JSX.Element => (
  <i class="inspector-needle" style={{ transform: `translateX(${left - 1}px)`, height: `${height}px` }} />
);

/** The shades and the numbers that they stand for, on the scale of the data or from 0 to 1. */
function Ramp(): JSX.Element | null {
  const ends = shares.value ? [0, 1] : range.value;
  if (!ends) return null;
  const inked = dataset.value?.ink_is_high !== dark.value;
  return (
    <span class="inspector-ramp" id="inspector-ramp">
      {numberText(ends[0] ?? 0)}
      <i class={inked ? "inked" : ""} />
      {numberText(ends[1] ?? 1)}
    </span>
  );
}
