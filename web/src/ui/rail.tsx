// The rail: which view stands in the middle of the window, and the part of it that is loaded when it is looked at.

import { signal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { dataset, tell } from "../state";
import { look, MAP, VIEWS, type ViewParts, viewId, viewOf } from "../views/registry";
import { Icon } from "./icons";

const loaded = signal<Readonly<Record<string, ViewParts>>>({});

export function Rail(): JSX.Element {
  return (
    <nav class="rail" id="rail" aria-label="View">
      {VIEWS.map((view) => (
        <button
          key={view.id}
          type="button"
          data-view={view.id}
          aria-current={viewId.value === view.id ? "page" : undefined}
          title={view.says}
          onClick={() => look(view.id)}
        >
          <Icon name={view.icon} />
          {view.title}
        </button>
      ))}
    </nav>
  );
}

/** The stage of the view that is looked at; nothing for the map, which is always there. */
export function ViewStage(): JSX.Element | null {
  useSignalEffect(() => {
    const view = viewOf(viewId.value);
    if (!view || loaded.peek()[view.id]) return;
    view
      .load()
      .then((parts) => {
        loaded.value = { ...loaded.value, [view.id]: parts };
      })
      .catch((error: Error) => {
        tell("error", `${view.title} could not be loaded: ${error.message}. Reload the page.`);
        look(MAP);
      });
  });
  const id = viewId.value;
  if (id === MAP || !dataset.value) return null;
  const Stage = loaded.value[id]?.Stage;
  return (
    <main class="view" id="view" tabIndex={-1} data-view={id} aria-label={viewOf(id)?.title}>
      {Stage ? <Stage /> : <p class="quiet">Loading…</p>}
    </main>
  );
}

/** What the right panel says about that view. */
export function ViewSide(): JSX.Element | null {
  const Side = loaded.value[viewId.value]?.Side;
  return Side ? <Side /> : null;
}
