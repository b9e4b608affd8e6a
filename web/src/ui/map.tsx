// The stage's element: the canvas, and what stands above it.

import { batch, effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count, runName, runState } from "../format";
import { classLooks, hiddenFlags } from "../legend";
import { acknowledge, choose } from "../live";
import { Hover } from "../map/hover";
import { Stage } from "../map/stage";
import { isOver } from "../net/session";
import type { DatasetRecord } from "../net/wire";
import { keep } from "../selection";
import {
  autoFit,
  chosen,
  codes,
  drawn,
  fatal,
  hidden,
  hovered,
  known,
  pinned,
  pointsDrawn,
  pointValues,
  rowsNoun,
  shown,
  shownRun,
  stage,
  visibleRows,
} from "../state";
import { dark, ground, ramp } from "../theme";
import { MAP, viewId } from "../views/registry";
import { Icon } from "./icons";
import { Invitation } from "./invitation";
import { ClassLabels } from "./labels";
import { Legend } from "./legend";
import { Orientation, onTurned } from "./orientation";
import { Rings } from "./ring";

const NO_WEBGL =
  "This browser shows no WebGL 2, which the map needs. Switch on hardware acceleration in its settings, or open " +
  "this address in another browser.";

export function MapArea({ facts }: { facts: DatasetRecord }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const area = useRef<HTMLElement>(null);
  useEffect(() => {
    return canvas.current && area.current ? mount(canvas.current, area.current, facts) : undefined;
  }, [facts]);
  return (
    <main class="stage" ref={area} inert={viewId.value !== MAP}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its own keys pan and zoom it */}
      <canvas
        id="map"
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={`Map of ${count(facts.n)} ${rowsNoun.value} in ${facts.classes.length} classes`}
        aria-describedby="map-help"
        data-hover=""
      />
      <p class="unseen" id="map-help">
        Arrows pan, with Shift they turn a map of three dimensions, plus and minus zoom, F fits the map. Press
        the question mark for all keys.
      </p>
      <ClassLabels />
      <Rings />
      <Title />
      <button
        type="button"
        class="fit"
        id="fit"
        title="Fit the whole map (F)"
        disabled={autoFit.value}
        onClick={() => stage.value?.framing.fit()}
      >
        <Icon name="fit" /> Fit
      </button>
      <Legend />
      <Orientation />
      <Invitation />
    </main>
  );
}

/** Which map this is, and what such a map can and cannot show. */
function Title(): JSX.Element | null {
  const runs = known.value.runs;
  const run = shownRun.value;
  const looked = chosen.value ?? runs.at(-1)?.id;
  const coming = runs.find((other) => other.id === looked && other.id !== run?.id && !isOver(other));
  return (
    <>
      <div class="title">
        <select
          id="runs"
          aria-label="Map"
          value={run?.id ?? looked}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        >
          {runs.map((other) => (
            <option key={other.id} value={other.id}>
              {runName(other)}
              {other.seed !== null && other.steps > 0 ? ` · seed ${other.seed}` : ""}
            </option>
          ))}
        </select>
        <p>{run?.says}</p>
      </div>
      {coming && (
        <p class="coming" id="coming">
          {coming.title}: {runState(coming)}
          {run && <span> · until then, {run.title}</span>}
        </p>
      )}
    </>
  );
}

function mount(canvas: HTMLCanvasElement, area: HTMLElement, facts: DatasetRecord): (() => void) | undefined {
  const made = makeStage(canvas, facts);
  if (!made) return undefined;
  const hover = new Hover(canvas, made, codes.value, () => hiddenFlags.value, {
    onHover: (row) => {
      hovered.value = row;
      canvas.dataset.hover = row === null ? "" : String(row);
    },
    onClick: (row) => {
      keep(row);
    },
  });
  const resize = new ResizeObserver(() => {
    const inset = { left: 24, right: 24, top: 52, bottom: 52 };
    made.resize(area.clientWidth, area.clientHeight, inset);
  });
  resize.observe(area);
  const stops = [
    effect(() => {
      made.setLook({ ground: ground.value, rimShade: dark.value ? 0.8 : 0.72 }, classLooks.value, 0.85);
    }),
    effect(() => made.setValues(pointValues.value && { ...pointValues.value, ramp: ramp.value })),
    effect(() => {
      drawn.value;
      hidden.value;
      hover.follow();
    }),
    effect(() => made.setAway(viewId.value !== MAP)),
    effect(() => reportState(canvas)),
    effect(() => {
      const run = shownRun.value;
      if (run?.iterations_per_second) made.pace.expect(run.steps / run.iterations_per_second);
    }),
  ];
  stage.value = made;
  return () => {
    resize.disconnect();
    for (const stop of stops) stop();
  };
}

function makeStage(canvas: HTMLCanvasElement, facts: DatasetRecord): Stage | null {
  try {
    const made = new Stage(canvas, facts.n, facts.classes.length, {
      acknowledge,
      onShown: (frame) => {
        shown.value = { run: frame.run, step: frame.step, cost: frame.cost };
      },
      onDrawn: (points) => {
        batch(() => {
          drawn.value += 1;
          pointsDrawn.value = points;
        });
      },
      onFitted: (on) => {
        autoFit.value = on;
      },
      onTurned,
    });
    made.setRows(codes.value);
    return made;
  } catch (error) {
    fatal.value = `${NO_WEBGL} (${error instanceof Error ? error.message : error})`;
    return null;
  }
}

/** More facts for whoever drives the page from outside, beside those that the stage writes itself. */
function reportState(canvas: HTMLCanvasElement): void {
  canvas.dataset.status = shownRun.value?.status ?? "";
  canvas.dataset.shown = String(visibleRows.value);
  canvas.dataset.autofit = String(autoFit.value);
  canvas.dataset.pinned = pinned.value === null ? "" : String(pinned.value);
}
