// The stage's element: the canvas, and what stands above it.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count, runState } from "../format";
import { mapName } from "../kept";
import { choose } from "../live";
import { lassoLine, lassoTaken, mount, type Parts } from "../mounting";
import { isOver } from "../net/session";
import type { DatasetRecord } from "../net/wire";
import { chosen, known, rowsNoun, shownRun } from "../state";
import { MAP, viewId } from "../views/registry";
import { Invitation } from "./invitation";
import { ClassLabels } from "./labels";
import { LassoLine } from "./lasso-line";
import { Legend } from "./legend";
import { MapTable } from "./map-table";
import { EdgesSay, MapTools } from "./map-tools";
import { NearLines } from "./near";
import { Orientation } from "./orientation";
import { MapRings } from "./ring";

export function MapArea({ facts }: { facts: DatasetRecord }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pictures = useRef<HTMLCanvasElement>(null);
  const area = useRef<HTMLElement>(null);
  useEffect(() => {
    const parts = { area: area.current, canvas: canvas.current, pictures: pictures.current };
    return parts.area && parts.canvas && parts.pictures ? mount(parts as Parts, facts) : undefined;
  }, [facts]);
  return (
    <main class="stage" ref={area} inert={viewId.value !== MAP}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its own keys pan and zoom it */}
      <canvas
        id="map"
        ref={canvas}
        tabIndex={0}
        role="application"
        class={lassoTaken.value ? "drawing" : ""}
        aria-label={`Map of ${count(facts.n)} ${rowsNoun.value} in ${facts.classes.length} classes`}
        aria-describedby="map-says map-help"
        data-hover=""
      />
      <p class="unseen" id="map-help">
        Arrows pan, with Shift they turn a map of three dimensions, plus and minus zoom, F fits the map. Press
        the question mark for all keys.
      </p>
      <MapTable />
      <NearLines />
      <div class="pictures" aria-hidden="true">
        <canvas id="pictures" ref={pictures} />
      </div>
      <ClassLabels />
      <MapRings />
      <LassoLine {...lassoLine.value} />
      <Title />
      <MapTools />
      <EdgesSay />
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
              {mapName(other)}
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
