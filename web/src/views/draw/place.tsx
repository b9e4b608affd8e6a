// Where the drawing goes on the map that is shown: all dots small, the drawing as a ring that moves while one draws, and
// lines to the training images most like it.

import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type DotLook, fillGround, paint, stampOf } from "../../explorer/dots";
import { runName } from "../../format";
import { classLooks } from "../../legend";
import { extentOf, shuffledRows } from "../../map/geometry";
import { fitView, HOME, type Point, project, projectRow, UPRIGHT, type View } from "../../map/view";
import { classColour, css } from "../../palette";
import { codes, dataset, hovered, shown, shownRun, stage } from "../../state";
import { ground } from "../../theme";
import { look, MAP } from "../registry";
import { answer, placed, seen } from "./state";

const MOST = 100_000; // dots; of more rows these are a fair picture
const PAINT_MS = 250;
const INSET = { left: 8, top: 8, right: 8, bottom: 8 };
const RADIUS = 1.2;
const LARGEST_RATIO = 2;

export function Place(): JSX.Element | null {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSignal(0);
  const view = useSignal<View | null>(null);

  useEffect(() => {
    const watch = new ResizeObserver(() => {
      size.value = box.current?.clientWidth ?? 0;
    });
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  // A map that forms is painted now and then: the ring is what moves here.
  useSignalEffect(() => {
    const parts = [shown.value, classLooks.value, ground.value, codes.value];
    const side = size.value;
    const timer = window.setTimeout(
      () => {
        const map = stage.peek();
        const positions = map?.positions;
        if (parts[0] === null || !canvas.current || !map || !positions || side === 0) return;
        view.value = viewOf(map.view.dim, positions, side);
        paintMap(canvas.current, view.value, positions);
      },
      view.peek() ? PAINT_MS : 0,
    );
    return () => window.clearTimeout(timer);
  });

  const run = shownRun.value;
  return (
    <section class="draw-place" aria-label="Its place on the map" hidden={!run}>
      <h3>
        Its place on the map
        <button type="button" class="link" onClick={() => look(MAP)}>
          {run ? runName(run) : ""}
        </button>
      </h3>
      <div class="draw-map" ref={box} id="draw-map" data-place={seen.value?.place.join(" ") ?? ""}>
        <canvas ref={canvas} role="img" aria-label="The map with all its dots" />
        {view.value && <Marks view={view.value} />}
      </div>
      <p class="quiet">{placeSays()}</p>
    </section>
  );
}

function placeSays(): string {
  if (!seen.value) return "The map stays as it is; the drawing gets a ring on it.";
  if (!placed.value) return "The map still forms: the digits are placed when it is done.";
  if (seen.value.place.length === 0) return answer.value?.unplaced || "There is no map to place it on yet.";
  return answer.value?.settled
    ? "The ring is where it comes to rest by the map's own rule; the lines lead to the images most like it."
    : "The ring is at the mean place of its nearest, which the lines lead to.";
}

function Marks({ view }: { view: View }): JSX.Element | null {
  const taken = seen.value;
  const positions = stage.value?.positions;
  const place = taken && placed.value && taken.place.length === view.dim ? project(view, taken.place) : null;
  if (!taken || !positions || !place) return null;
  const classes = dataset.value?.classes.length ?? 0;
  const near = taken.rows.map((row) => ({ row, at: projectRow(view, positions, row) }));
  const [x, y] = place.map((at) => Math.min(view.width - 8, Math.max(8, at))) as unknown as Point;
  return (
    <>
      <svg class="near-lines" viewBox={`0 0 ${view.width} ${view.height}`} aria-hidden="true">
        {near.map(
          ({ row, at }) =>
            at && (
              <g key={row}>
                <line x1={x} y1={y} x2={at[0]} y2={at[1]} class={hovered.value === row ? "pointed" : ""} />
                <circle cx={at[0]} cy={at[1]} r={hovered.value === row ? 5 : 2.5} />
              </g>
            ),
        )}
      </svg>
      <i
        class="ring draw-ring"
        style={{
          transform: `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`,
          background: css(classColour(taken.label < 0 ? classes : taken.label, classes)),
        }}
      />
    </>
  );
}

function viewOf(dim: 2 | 3, positions: Float32Array, side: number): View {
  const bounds = [0, 1, 2].map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = axis; at < positions.length && axis < dim; at += dim) {
      low = Math.min(low, positions[at] as number);
      high = Math.max(high, positions[at] as number);
    }
    return axis < dim ? ([low, high] as const) : ([0, 0] as const);
  });
  const extent = extentOf(
    dim,
    positions,
    bounds.map(([low]) => low),
    bounds.map(([, high]) => high),
  );
  return fitView(dim, extent, [side, side], INSET, dim === 3 ? HOME : UPRIGHT);
}

function paintMap(canvas: HTMLCanvasElement, view: View, positions: Float32Array): void {
  const ratio = Math.min(LARGEST_RATIO, window.devicePixelRatio);
  canvas.width = canvas.height = Math.round(view.width * ratio);
  const pen = canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
  const picture = pen.createImageData(canvas.width, canvas.height);
  const n = positions.length / view.dim;
  const order = shuffledRows(n).slice(0, MOST);
  const places = { x: new Float32Array(n), y: new Float32Array(n) };
  for (const row of order) {
    const at = projectRow(view, positions, row) ?? [Number.NaN, Number.NaN];
    places.x[row] = at[0] * ratio;
    places.y[row] = at[1] * ratio;
  }
  const stamp = stampOf(RADIUS * ratio, 0);
  const looks: DotLook[] = classLooks
    .peek()
    .map(({ colour, opacity }) => ({ core: colour, rim: colour, opacity: 0.6 * opacity, stamp }));
  const own = codes.peek();
  fillGround(picture, ground.peek());
  paint(picture, places, order, (row) => looks[own[row] ?? 0] ?? null);
  pen.putImageData(picture, 0, 0);
  canvas.dataset.painted = String(n);
}
