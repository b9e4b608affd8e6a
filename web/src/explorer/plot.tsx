// A flat plot of rows with its axes: hover shows a row, a click keeps it, Shift and a drag lasso some. What is hovered,
// kept, hidden and selected is the same as in every other view.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { filteredOut } from "../filter";
import { classLooks } from "../legend";
import { Lasso } from "../map/lasso";
import { lassoTaken } from "../mounting";
import type { Rgb } from "../palette";
import { usePicture } from "../picture/offer";
import type { Picture } from "../picture/offered";
import { howOf, keep, select, selected, selectedFlags } from "../selection";
import { codes, hovered, pinned, pointValues } from "../state";
import { dark, ground } from "../theme";
import { LassoLine, NO_LINE } from "../ui/lasso-line";
import { Rings } from "../ui/ring";
import { classCss, rampOf } from "../ui/swatch";
import { SIGNS } from "./colours";
import { DotPlot } from "./dot-plot";
import { type AxisTitle, plotDrawing } from "./plot-picture";
import type { Axis, Tick } from "./scale";

interface PlotProps {
  id: string;
  /** What is plotted, for those who do not see it. */
  label: string;
  across: Axis | null;
  up: Axis | null;
  size: number;
  /** What runs along the axes: from paper to ink, from one sign to the other, or nothing. */
  bars: "ink" | "signed" | null;
  /** What its picture says beside the dots. */
  title: string;
  titles: { across: AxisTitle; up: AxisTitle };
}

const CLICK_SLOP = 4;
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Plot({ id, label, across, up, size, bars, title, titles }: PlotProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const plot = useRef<DotPlot | null>(null);
  const pressed = useRef<readonly [number, number] | null>(null);
  const pointer = useRef<readonly [number, number] | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const [line, setLine] = useState(NO_LINE);
  const [, setDraws] = useState(0);

  useEffect(() => {
    if (!canvas.current || !area.current) return undefined;
    const made = new DotPlot(canvas.current, () => {
      if (pointer.current) hover(made.pick(...pointer.current));
      setDraws((count) => count + 1);
    });
    plot.current = made;
    new Lasso(area.current, canvas.current, {
      onLine: (line, how) => setLine({ line, how }),
      onClosed: (line, how) => select(made.inside(line), how, "selection by lasso"),
      taken: () => lassoTaken.peek(),
    });
    return () => {
      made.stop();
      hovered.value = null;
    };
  }, []);
  useEffect(() => plot.current?.resize(size), [size]);
  useEffect(() => {
    if (across && up && across.at.length === up.at.length) plot.current?.setPlaces(across.at, up.at);
  }, [across, up]);
  useSignalEffect(() => {
    plot.current?.setLook({
      ground: ground.value,
      rimShade: dark.value ? 0.8 : 0.72,
      codes: codes.value,
      classes: classLooks.value,
      values: pointValues.value && { ...pointValues.value, ramp: rampOf(pointValues.value) },
      out: filteredOut.value,
      selected: selected.value.length > 0 ? selectedFlags.value : null,
    });
  });

  usePicture(across && up ? ["png", "svg"] : [], (): Picture | null => {
    const made = plot.current;
    const page = area.current?.closest(".explorer");
    if (!made || !page || !across || !up) return null;
    const rings = [...new Set([pinned.value, hovered.value])].flatMap((row) => {
      const place = row === null ? null : made.placeOf(row);
      return place && row !== null ? [{ place, colour: classCss(row), kept: row === pinned.value }] : [];
    });
    const ramp = bars && (bars === "ink" ? inkRamp() : signRamp());
    const drawing = plotDrawing({ area: page, plot: made, size, across, up, ramp, title, titles, rings });
    return { name: `${id} ${titles.across.name} ${titles.up.name}`, shows: drawing };
  });

  const at = (event: PointerEvent): readonly [number, number] => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const pointAt = (event: PointerEvent): number => plot.current?.pick(...at(event)) ?? -1;
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button === 0) pressed.current = at(event);
  };
  const onPointerMove = (event: PointerEvent): void => {
    pointer.current = at(event);
    hover(pointAt(event));
  };
  const onPointerUp = (event: PointerEvent): void => {
    const from = pressed.current;
    pressed.current = null;
    const [x, y] = at(event);
    if (!from || Math.hypot(x - from[0], y - from[1]) > CLICK_SLOP) return;
    const row = pointAt(event);
    if (row >= 0 && (event.ctrlKey || event.metaKey || event.altKey)) select([row], howOf(event));
    else keep(row < 0 ? null : row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = WAYS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    pointer.current = null;
    const from = hovered.value ?? pinned.value ?? plot.current?.pick(size / 2, size / 2) ?? -1;
    const row = from < 0 ? 0 : (plot.current?.beside(from, ...way) ?? -1);
    if (row >= 0) hovered.value = row;
  };

  return (
    <div class="plot" ref={area} style={{ width: `${size}px`, height: `${size}px` }}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its own keys walk from row to row */}
      <canvas
        id={id}
        ref={canvas}
        class={lassoTaken.value ? "drawing" : ""}
        tabIndex={0}
        role="application"
        aria-label={`${label}. Arrows go from row to row, Enter keeps one.`}
        data-hover={hovered.value ?? ""}
        data-selected={selected.value.length}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => {
          pointer.current = null;
          hovered.value = null;
        }}
        onKeyDown={onKeyDown}
      />
      <Rings placeOf={(row) => plot.current?.placeOf(row) ?? null} />
      <LassoLine {...line} />
      {across && <Ticks ticks={across.ticks} way="across" bar={bars} />}
      {up && <Ticks ticks={up.ticks} way="up" bar={bars} />}
    </div>
  );
}

const RAMP_STEPS = 32;

const mixed = (from: Rgb, to: Rgb): Rgb[] =>
  Array.from({ length: RAMP_STEPS }, (_, i) => {
    const share = i / (RAMP_STEPS - 1);
    return from.map((channel, c) =>
      Math.round(channel + ((to[c] as number) - channel) * share),
    ) as unknown as Rgb;
  });

/** From paper to ink. */
const inkRamp = (): Rgb[] => mixed(ground.value, dark.value ? [255, 255, 255] : [0, 0, 0]);

/** From what is below zero over nothing to what is above. */
function signRamp(): Rgb[] {
  const [below, above] = SIGNS[dark.value ? "dark" : "light"];
  return [...mixed(below, ground.value), ...mixed(ground.value, above)];
}

const hover = (row: number): void => {
  hovered.value = row < 0 ? null : row;
};

function Ticks({
  ticks,
  way,
  bar,
}: {
  ticks: readonly Tick[];
  way: "across" | "up";
  bar: PlotProps["bars"];
}): JSX.Element {
  return (
    <div class={`ticks ${way}`} aria-hidden="true">
      {bar && <i class={`axis-bar ${bar}`} />}
      {ticks.map((tick) => (
        <span
          class="tick"
          key={tick.text}
          style={{ [way === "across" ? "left" : "bottom"]: `${100 * tick.at}%` }}
        >
          {tick.text}
        </span>
      ))}
    </div>
  );
}
