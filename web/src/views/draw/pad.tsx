// The sheet: drawn on with a mouse, a finger or a pen, or cell by cell with keys.

import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { dark } from "../../theme";
import { all, brush, clear, growing, lift, strokes, takeBack } from "./state";
import { CELLS, draw, longer, SIDE, type Stroke } from "./strokes";

const CELL = SIDE / CELLS;
const LARGEST_RATIO = 2;
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Pad(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cell = useSignal<readonly [number, number]>([CELLS / 2, CELLS / 2]);
  const byKeys = useSignal(false);
  const penDown = useSignal(false);
  const shownAt = useSignal(0);

  useEffect(() => {
    const watch = new ResizeObserver(() => {
      shownAt.value = canvas.current?.clientWidth ?? 0;
    });
    if (canvas.current) watch.observe(canvas.current);
    return () => watch.disconnect();
  }, []);
  useSignalEffect(() => {
    const pen = canvas.current?.getContext("2d");
    const paths = all.value;
    const ink = dark.value ? "#ffffff" : "#000000";
    if (!pen || shownAt.value === 0) return;
    const side = Math.round(shownAt.value * Math.min(LARGEST_RATIO, window.devicePixelRatio));
    pen.canvas.width = pen.canvas.height = side;
    pen.scale(side / SIDE, side / SIDE);
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = ink;
    draw(pen, paths);
  });

  /** The stroke on to where the pointer is, by way of where it was since the last event. */
  const led = (stroke: Stroke, event: PointerEvent): Stroke => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return stroke;
    const steps = event.getCoalescedEvents?.() ?? [];
    return (steps.length > 0 ? steps : [event]).reduce(
      (path, { clientX, clientY }) =>
        longer(path, ((clientX - box.left) / box.width) * SIDE, ((clientY - box.top) / box.height) * SIDE),
      stroke,
    );
  };
  const begin = (event: PointerEvent): void => {
    if (event.button !== 0 || !event.isPrimary) return;
    canvas.current?.setPointerCapture(event.pointerId);
    byKeys.value = penDown.value = false;
    growing.value = led({ width: brush.peek(), points: [] }, event);
  };
  const grow = (event: PointerEvent): void => {
    const stroke = growing.peek();
    if (stroke && event.isPrimary) growing.value = led(stroke, event);
  };
  const middle = (): [number, number] => [(cell.peek()[0] + 0.5) * CELL, (cell.peek()[1] + 0.5) * CELL];
  const press = (): void => {
    penDown.value = !penDown.value;
    if (penDown.value) growing.value = longer({ width: brush.peek(), points: [] }, ...middle());
    else lift();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    byKeys.value = true;
    if (way) {
      const step = event.shiftKey ? 4 : 1;
      cell.value = [inSheet(cell.value[0] + step * way[0]), inSheet(cell.value[1] + step * way[1])];
      const stroke = growing.peek();
      if (stroke && penDown.value) growing.value = longer(stroke, ...middle());
    } else if (event.key === " " || event.key === "Enter") press();
    else if (event.key === "Backspace") takeBack();
    else if (event.key === "Delete") clear();
    else return;
    event.preventDefault();
  };
  const leave = (): void => {
    byKeys.value = penDown.value = false;
    lift();
  };

  const [x, y] = cell.value;
  return (
    <div class="pad">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its own keys draw on it */}
      <canvas
        id="pad"
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label="Sheet to draw on. Arrows move the pen, the space bar sets it down and lifts it, Backspace takes the last stroke back, Delete clears the sheet."
        data-strokes={strokes.value.length}
        onPointerDown={begin}
        onPointerMove={grow}
        onPointerUp={lift}
        onPointerCancel={lift}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {byKeys.value && (
        <i
          class={penDown.value ? "pad-cell down" : "pad-cell"}
          style={{ left: `${(100 * x) / CELLS}%`, top: `${(100 * y) / CELLS}%` }}
        />
      )}
      {all.value.length === 0 && (
        <p class="pad-hint" aria-hidden="true">
          Draw here
        </p>
      )}
      <p class="unseen" role="status">
        {byKeys.value && `pen ${penDown.value ? "down" : "up"}, column ${x + 1}, row ${y + 1} of ${CELLS}`}
      </p>
    </div>
  );
}

const inSheet = (at: number): number => Math.min(CELLS - 1, Math.max(0, at));
