// Maps beside each other: each is any run of this session, laid over the first; one selection, one camera.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { edgesOf, edgesShown, toggleEdges } from "../../edges";
import { cost, runState } from "../../format";
import { differences, keptMaps, keptName, mapName, runOf, said } from "../../kept";
import { runBeside } from "../../live";
import { isOver } from "../../net/session";
import type { RunRecord } from "../../net/wire";
import { dataset, known, tell } from "../../state";
import { Icon } from "../../ui/icons";
import { Legend } from "../../ui/legend";
import { viewSays } from "../registry";
import { follow, type Shown, shownIn } from "./frames";
import { Overlay } from "./overlay";
import { Pane } from "./pane";
import { add, arrows, comparable, linked, MOST, panes, put, remove } from "./state";
import "../../style/compare.css";

export function Compare(): JSX.Element {
  useEffect(follow, []);
  useSignalEffect(() => {
    const count = panes.value.length;
    viewSays.value = `${count} ${count === 1 ? "map" : "maps"} beside each other${
      comparable.value && count > 1 ? ", laid over the first by moving, turning, mirroring and one scale" : ""
    }`;
  });
  const count = panes.value.length;
  const columns = count <= 1 ? 1 : count <= 4 ? 2 : 3;
  return (
    <div class="compare">
      <div class="compare-head" role="toolbar" aria-label="Compare">
        <button type="button" id="compare-add" disabled={count >= MOST} onClick={add}>
          Add a map
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
            disabled={!comparable.value || count < 2}
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
      </div>
      {count === 0 && <p class="quiet compare-none">There is no map yet. Make one in the view Map.</p>}
      <div class="compare-grid" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {panes.value.map((run, at) => (
          <OneMap key={`${at} ${run.id}`} run={run} at={at} shown={shownIn.value[at] ?? null} />
        ))}
      </div>
      <div class="compare-legend">
        <Legend />
      </div>
    </div>
  );
}

function OneMap({ run, at, shown }: { run: RunRecord; at: number; shown: Shown | null }): JSX.Element {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pane, setPane] = useState<Pane | null>(null);
  useEffect(() => {
    const facts = dataset.peek();
    if (!area.current || !canvas.current || !facts) return undefined;
    try {
      const made = new Pane(
        area.current,
        canvas.current,
        facts.n,
        facts.classes.length,
        () => linked.value,
        () => edgesOf(run),
      );
      setPane(made);
      return () => made.stop();
    } catch (error) {
      tell("error", `This map cannot be drawn: ${error instanceof Error ? error.message : error}.`);
      return undefined;
    }
  }, []);
  useEffect(() => {
    if (pane && shown) pane.show(shown.frame);
  }, [pane, shown]);
  const elsewhere = keptMaps.value.filter((map) => !known.value.runs.some((other) => other.kept === map.id));
  const first = at > 0 && arrows.value && comparable.value ? shownIn.value[0] : null;
  return (
    <section class="compare-map" data-run={run.id} aria-label={`${mapName(run)}, map ${at + 1}`}>
      <header>
        <select
          aria-label={`Map ${at + 1}`}
          value={run.id}
          onChange={(event) => choose(at, event.currentTarget.value)}
        >
          {known.value.runs.map((other) => (
            <option key={other.id} value={other.id}>
              {named(other)}
            </option>
          ))}
          {elsewhere.length > 0 && (
            <optgroup label="Kept">
              {elsewhere.map((map) => (
                <option key={map.id} value={map.id}>
                  {[keptName(map), ...differences(map)].join(" · ")}
                </option>
              ))}
            </optgroup>
          )}
        </select>
        <span class="quiet">{stateOf(run, shown)}</span>
        <button
          type="button"
          class="plain"
          title="Fit (all maps)"
          aria-label="Fit"
          onClick={() => pane?.fit()}
        >
          <Icon name="fit" />
        </button>
        <button
          type="button"
          class="plain"
          title="Take this map away"
          aria-label={`Take map ${at + 1} away`}
          onClick={() => remove(at)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="compare-area" ref={area}>
        <canvas ref={canvas} tabIndex={0} role="img" aria-label={`${named(run)}: ${stateOf(run, shown)}`} />
        {pane && <Overlay pane={pane} from={first?.frame.positions ?? null} />}
      </div>
    </section>
  );
}

/** Put a run into a pane, or a kept map, by its id, as a run. */
function choose(at: number, value: string): void {
  const run = known.value.runs.find((other) => String(other.id) === value);
  if (run) put(at, run.id);
  else said(runBeside(() => runOf(value)).then((id) => put(at, id)));
}

/** The run as one of many of its kind: with the options that it does not share with all of them. */
function named(run: RunRecord): string {
  const others = known.value.runs.filter((other) => other.method === run.method);
  const differs = Object.entries(run.options)
    .filter(
      ([name, value]) => name !== "n_components" && others.some((other) => other.options[name] !== value),
    )
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value ?? "none"}`);
  const seed = run.seed !== null && run.cost_name !== "" ? [`seed ${run.seed}`] : [];
  return [...differs, mapName(run), ...seed].join(" · "); // what differs stands where a narrow pane still shows it
}

function stateOf(run: RunRecord, shown: Shown | null): string {
  if (!isOver(run)) return run.status === "running" ? `step ${run.step} of ${run.steps}` : runState(run);
  const recall = run.scores.find((score) => score.name.startsWith("recall@15"))?.value;
  const said = [];
  if (recall !== null && recall !== undefined) said.push(`recall@15 ${cost(recall)}`);
  if (shown?.residual != null) said.push(`${Math.round(100 * shown.residual)} % off the first`);
  return said.join(" · ");
}
