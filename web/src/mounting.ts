// The wiring of the map: its stage, the pointer, the lasso and the images, to the store that all views share.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { edges } from "./edges";
import { filteredOut, lookedAt } from "./filter";
import { inColour, inkOnPaper } from "./ink";
import { classLooks, hiddenFlags, isolateClassOf } from "./legend";
import { acknowledge } from "./live";
import { aboutToMove } from "./looked-from";
import type { Rows } from "./map/geometry";
import { Hover } from "./map/hover";
import { Lasso } from "./map/lasso";
import { hasWebGl } from "./map/make-renderer";
import { type PictureMode, type PictureSource, Pictures } from "./map/pictures";
import { rowsWithin } from "./map/region";
import { SeenFrames } from "./map/seen";
import { Stage } from "./map/stage";
import type { Point } from "./map/view";
import type { DatasetRecord } from "./net/wire";
import { type How, keep, select, selected } from "./selection";
import { sought } from "./show";
import {
  autoFit,
  codes,
  dataset,
  drawn,
  fatal,
  hidden,
  hovered,
  images,
  pinned,
  pointsDrawn,
  pointValues,
  recalled,
  shown,
  shownRun,
  stage,
  tell,
} from "./state";
import { dark, ground } from "./theme";
import { NO_LINE } from "./ui/lasso-line";
import { onTurned } from "./ui/orientation";
import { classCss, rampOf } from "./ui/swatch";
import { MAP, viewId } from "./views/registry";

const NO_WEBGL =
  "This browser shows no WebGL 2: the map is drawn without the graphics card. " +
  "Hardware acceleration in the browser's settings makes it quick.";

const INSET = { left: 24, right: 24, top: 52, bottom: 52 };
const NEARER = 1.6; // times the zoom of the whole map, from which images come by themselves
const BITMAPS = 2500;

/** The frames of the run that is shown which were seen so far. */
export const seen = new SeenFrames();
/** Whether every drag on the map draws a lasso. */
export const lassoTaken = signal(false);
/** The line that is being drawn. */
export const lassoLine = signal(NO_LINE);
export const pictureMode = signal<PictureMode>("auto");

/** The rows of the map and which of them are there to be met; null before there is one. */
export const mapRows = computed<Rows | null>(() => {
  const positions = drawn.value > 0 ? stage.value?.positions : null;
  if (!positions) return null;
  return { positions, codes: codes.value, hidden: hiddenFlags.value, leftOut: filteredOut.value };
});

export interface Parts {
  area: HTMLElement;
  canvas: HTMLCanvasElement;
  pictures: HTMLCanvasElement;
}

export function mount(parts: Parts, facts: DatasetRecord): (() => void) | undefined {
  const { area, canvas } = parts;
  const made = makeStage(canvas, facts);
  if (!made) return undefined;
  const pictures = new Pictures(parts.pictures, pictureSource());
  const imageAt = (px: number, py: number): number => pictures.rowAt(px, py);
  const hover = new Hover(canvas, made, () => mapRows.peek(), imageAt, {
    onHover: (row) => {
      hovered.value = row;
      canvas.dataset.hover = row === null ? "" : String(row);
    },
    onClick: click,
    onDoubleClick: isolateClassOf,
  });
  new Lasso(area, canvas, { onLine: lineChanged, onClosed: close, taken: () => lassoTaken.value });
  const resize = new ResizeObserver(() => made.resize(area.clientWidth, area.clientHeight, INSET));
  resize.observe(area);
  const stops = [
    effect(() => {
      made.setLook({ ground: ground.value, rimShade: dark.value ? 0.8 : 0.72 }, classLooks.value, 0.85);
    }),
    effect(() =>
      made.setValues(pointValues.value && { ...pointValues.value, ramp: rampOf(pointValues.value) }),
    ),
    effect(() => made.setSelected(selected.value)),
    effect(() => made.setLeftOut(filteredOut.value)),
    effect(() => made.setEdges(edges.value)),
    effect(() => made.setAway(viewId.value !== MAP)),
    effect(() => {
      drawn.value;
      hidden.value;
      hover.follow();
    }),
    effect(() => reportState(canvas)),
    effect(() => {
      const run = shownRun.value;
      if (run?.iterations_per_second) made.pace.expect(run.steps / run.iterations_per_second);
    }),
    effect(() => {
      if (sought.value) untracked(() => goTo(made, sought.value?.row ?? 0));
    }),
    showPictures(pictures, made),
  ];
  stage.value = made;
  return () => {
    resize.disconnect();
    for (const stop of stops) stop();
  };
}

/** Move the camera to a row that is sought: near enough that it stands alone. */
function goTo(made: Stage, row: number): void {
  const positions = mapRows.peek()?.positions;
  const dim = made.view.dim;
  if (!positions || dim * (row + 1) > positions.length) return;
  made.framing.goTo(positions.subarray(dim * row, dim * (row + 1)));
}

/** A click keeps the image; with Ctrl or ⌘ it puts the row into the selection, with Alt it takes it out. */
function click(row: number | null, event: PointerEvent): void {
  if (row !== null && (event.ctrlKey || event.metaKey)) select([row], "add", `row ${row} selected`);
  else if (row !== null && event.altKey) select([row], "remove", `row ${row} no longer selected`);
  else keep(row);
}

function lineChanged(line: readonly Point[], how: How): void {
  lassoLine.value = { line, how };
}

function close(line: readonly Point[], how: How): void {
  const rows = mapRows.peek();
  const view = stage.peek()?.view;
  if (!rows || !view) return;
  const found = rowsWithin(view, rows, line);
  if (found.length === 0 && how !== "replace") return;
  select(found, how, "selection by lasso");
}

const bitmaps = new Map<number, HTMLCanvasElement>();
/** Counts the images that came, and the changes of theme, after which all are made anew. */
const arrived = signal(0);

const pictureSource = (): PictureSource => ({
  image: (row) => bitmaps.get(row) ?? fetched(row),
  colour: classCss,
});

/** Keep the images above the dots true to the map. */
function showPictures(pictures: Pictures, made: Stage): () => void {
  const stopTheme = effect(() => {
    dark.value;
    bitmaps.clear();
    arrived.value = arrived.peek() + 1;
  });
  let scheduled = false;
  const stop = effect(() => {
    arrived.value;
    pictureMode.value;
    if (!mapRows.value || scheduled || !dataset.value?.image_shape || viewId.value !== MAP) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      const rows = mapRows.peek();
      if (!rows || made.turning) return;
      const { view } = made;
      const near = view.zoom > NEARER * made.framing.fitted.zoom;
      const scene = { view, rows, moving: !made.still, near, mode: pictureMode.peek() };
      pictures.update(scene, performance.now());
    });
  });
  return () => {
    stop();
    stopTheme();
  };
}

/** Ask for that row's image; the map is drawn again when it is here. */
function fetched(row: number): null {
  const facts = dataset.peek();
  const shape = facts?.image_shape;
  if (!facts || !shape) return null;
  images
    .peek()
    ?.load(row)
    .then((values) => {
      if (bitmaps.has(row)) return;
      const invert = facts.ink_is_high !== dark.peek();
      const rgba = facts.channels === 3 ? inColour(values) : inkOnPaper(values, invert);
      const bitmap = document.createElement("canvas");
      [bitmap.height, bitmap.width] = shape;
      bitmap.getContext("2d")?.putImageData(new ImageData(rgba, shape[1], shape[0]), 0, 0);
      bitmaps.set(row, bitmap);
      const oldest = bitmaps.keys().next().value;
      if (bitmaps.size > BITMAPS && oldest !== undefined) bitmaps.delete(oldest);
      arrived.value += 1;
    })
    .catch((error: Error) => tell("warning", error.message));
  return null;
}

function makeStage(canvas: HTMLCanvasElement, facts: DatasetRecord): Stage | null {
  try {
    const made = new Stage(canvas, facts.n, facts.classes.length, {
      acknowledge,
      onShown: (frame) => {
        if (recalled.peek() === null || shown.peek()?.run !== frame.run) {
          seen.see(frame);
          recalled.value = null;
        }
        shown.value = { run: frame.run, step: frame.step, cost: frame.cost };
      },
      onPassed: (frame) => seen.see(frame),
      onDrawn: (points) => {
        batch(() => {
          drawn.value += 1;
          pointsDrawn.value = points;
        });
      },
      onFitted: (on) => {
        autoFit.value = on;
      },
      onGesture: aboutToMove,
      onTurned,
    });
    made.setRows(codes.value);
    if (!hasWebGl()) tell("info", NO_WEBGL);
    return made;
  } catch (error) {
    fatal.value = `The map cannot be drawn: ${error instanceof Error ? error.message : error}`;
    return null;
  }
}

/** More facts for whoever drives the page from outside, beside those that the stage writes itself. */
function reportState(canvas: HTMLCanvasElement): void {
  canvas.dataset.status = shownRun.value?.status ?? "";
  canvas.dataset.shown = String(shown.value ? lookedAt.value : 0);
  canvas.dataset.autofit = String(autoFit.value);
  canvas.dataset.pinned = pinned.value === null ? "" : String(pinned.value);
  canvas.dataset.selected = String(selected.value.length);
}
