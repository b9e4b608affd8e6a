// The head of a pane: what stands in it, to be chosen anew; what that says of itself; and the way out.

import type { ComponentChildren, JSX } from "preact";
import { differences, keptMaps, keptName, mapName, runOf, said } from "../../kept";
import { byKey, focusView } from "../../keys";
import { runBeside } from "../../live";
import type { RunRecord } from "../../net/wire";
import { known } from "../../state";
import { Icon } from "../../ui/icons";
import { type Name, read, written } from "./contents";
import { type InPane, put, remove, viewsFor } from "./state";

interface HeadProps {
  at: number;
  pane: InPane;
  says: string;
  children?: ComponentChildren;
}

export function Head({ at, pane, says, children }: HeadProps): JSX.Element {
  const elsewhere = keptMaps.value.filter((map) => !known.value.runs.some((run) => run.kept === map.id));
  return (
    <header>
      <select
        aria-label={`Pane ${at + 1}`}
        value={written("run" in pane ? { run: pane.run.id } : { view: pane.view.id })}
        onChange={(event) => choose(at, read(event.currentTarget.value)[0])}
      >
        <optgroup label="Maps">
          {known.value.runs.map((run) => (
            <option key={run.id} value={written({ run: run.id })}>
              {named(run)}
            </option>
          ))}
        </optgroup>
        {elsewhere.length > 0 && (
          <optgroup label="Kept">
            {elsewhere.map((map) => (
              <option key={map.id} value={written({ kept: map.id })}>
                {[keptName(map), ...differences(map)].join(" · ")}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label="Views">
          {viewsFor(at).map((view) => (
            <option key={view.id} value={written({ view: view.id })} title={view.says}>
              {view.title}
            </option>
          ))}
        </optgroup>
      </select>
      <span class="quiet" title={says}>
        {says}
      </span>
      {children}
      <button
        type="button"
        class="plain"
        title="Take this pane away"
        aria-label={`Take pane ${at + 1} away`}
        onClick={(event) => {
          remove(at);
          if (byKey(event)) focusView();
        }}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

/** Put a run or a view into a pane, or a kept map as a run. */
function choose(at: number, name: Name | undefined): void {
  if (!name) return;
  if ("run" in name) put(at, name.run);
  else if ("view" in name) put(at, name.view);
  else said(runBeside(() => runOf(name.kept)).then((id) => put(at, id)));
}

/** The run as one of many of its kind: with the options that it does not share with all of them. */
export function named(run: RunRecord): string {
  const others = known.value.runs.filter((other) => other.method === run.method);
  const differs = Object.entries(run.options)
    .filter(
      ([name, value]) => name !== "n_components" && others.some((other) => other.options[name] !== value),
    )
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${value ?? "none"}`);
  const seed = run.seed !== null && run.cost_name !== "" ? [`seed ${run.seed}`] : [];
  return [...differs, mapName(run), ...seed].join(" · "); // what differs stands where a narrow pane still shows it
}
