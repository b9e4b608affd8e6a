// Maps and other views beside each other: one selection, one legend; the maps are laid over the first and have one camera.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { edgesShown, toggleEdges } from "../../edges";
import { count as spelled } from "../../format";
import { lassoTaken } from "../../mounting";
import { usePicture } from "../../picture/offer";
import { Legend } from "../../ui/legend";
import { toggleLasso } from "../../ui/map-tools";
import { useSays } from "../registry";
import { MOST } from "./contents";
import { follow } from "./frames";
import { MapPane, ViewPane } from "./panes";
import { comparePicture } from "./picture";
import { addMap, addView, arrows, comparable, linked, maps, panes, views, viewsFor } from "./state";
import "../../style/compare.css";

export function Compare(): JSX.Element {
  useEffect(follow, []);
  useSays(says);
  const count = panes.value.length;
  usePicture(count > 0 ? ["png"] : [], comparePicture);
  const columns = count <= 1 ? 1 : count <= 4 ? 2 : 3;
  return (
    <div class="compare">
      <Tools />
      {count === 0 && <p class="quiet compare-none">There is no map yet. Make one in the view Map.</p>}
      <div class="compare-grid" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {panes.value.map((pane, at) =>
          "run" in pane ? (
            <MapPane key={`${at} ${pane.run.id}`} run={pane.run} at={at} />
          ) : (
            <ViewPane key={pane.view.id} view={pane.view} at={at} />
          ),
        )}
      </div>
      <div class="compare-legend">
        <Legend id="classes-compared" />
      </div>
    </div>
  );
}

const listed = new Intl.ListFormat("en");

/** "2 maps, Gallery, and Cube beside each other, …" */
function says(): string {
  const many = maps.value.length;
  const there = [
    ...(many > 0 ? [`${spelled(many)} ${many === 1 ? "map" : "maps"}`] : []),
    ...views.value.map((view) => view.title),
  ];
  if (there.length === 0) return "nothing beside each other";
  const laid =
    comparable.value && many > 1
      ? ", maps laid over the first by moving, turning, mirroring and one scale"
      : "";
  return `${listed.format(there)} beside each other${laid}`;
}

function Tools(): JSX.Element {
  const full = panes.value.length >= MOST;
  return (
    <div class="compare-head" role="toolbar" aria-label="Compare">
      <button type="button" id="compare-add" disabled={full} onClick={addMap}>
        Add a map
      </button>
      <button
        type="button"
        id="compare-add-view"
        title="The gallery, the cube, the components …: which one is chosen above its pane"
        disabled={full || viewsFor(-1).length === 0}
        onClick={addView}
      >
        Add a view
      </button>
      <label>
        <input
          type="checkbox"
          id="compare-linked"
          checked={linked.value}
          onChange={(event) => {
            linked.value = event.currentTarget.checked;
          }}
        />
        one camera
      </label>
      <label title="Arrows from where the first map has the rows to where the others have them: the selected ones, else those that moved the farthest">
        <input
          type="checkbox"
          id="compare-arrows"
          checked={arrows.value}
          disabled={!comparable.value || maps.value.length < 2}
          onChange={(event) => {
            arrows.value = event.currentTarget.checked;
          }}
        />
        what moved
      </label>
      <label title="From each dot to its nearest in the data (E)">
        <input type="checkbox" id="compare-edges" checked={edgesShown.value} onChange={toggleEdges} />
        edges
      </label>
      <label title="Draw round dots to select them (L, or hold Shift); Ctrl adds, Alt takes out">
        <input type="checkbox" id="compare-lasso" checked={lassoTaken.value} onChange={toggleLasso} />
        lasso
      </label>
    </div>
  );
}
