// A view on the page: its parts are fetched when it is first looked at, on the stage or in a pane of Compare.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { dataset, tell } from "../state";
import { look, MAP, onPage, type ViewParts, viewId, viewOf } from "../views/registry";

const loaded = signal<Readonly<Record<string, ViewParts>>>({});

function fetchParts(id: string): void {
  const view = viewOf(id);
  if (!view || loaded.peek()[id]) return;
  view
    .load()
    .then((parts) => {
      loaded.value = { ...loaded.peek(), [id]: parts };
    })
    .catch((error: Error) => {
      tell("error", `${view.title} could not be loaded: ${error.message}. Reload the page.`);
      if (viewId.peek() === id) look(MAP);
    });
}

/** A view's own stage, wherever it stands. */
export function ViewBody({ id }: { id: string }): JSX.Element {
  useEffect(() => {
    fetchParts(id);
    onPage.value = new Set([...onPage.peek(), id]);
    return () => {
      onPage.value = new Set([...onPage.peek()].filter((other) => other !== id));
    };
  }, [id]);
  const Stage = loaded.value[id]?.Stage;
  return Stage ? <Stage /> : <p class="quiet">Loading…</p>;
}

/** The stage of the view that is looked at; nothing for the map, which is always there. */
export function ViewStage(): JSX.Element | null {
  const id = viewId.value;
  useEffect(() => fetchParts(id), [id]);
  if (id === MAP || !dataset.value) return null;
  return (
    <main class="view" id="view" tabIndex={-1} data-view={id} aria-label={viewOf(id)?.title}>
      <ViewBody key={id} id={id} />
    </main>
  );
}

/** Whether there is something to say of that view in the right panel. */
export const hasSide = (id: string): boolean => loaded.value[id]?.Side !== undefined;

/** What the right panel says about that view; about the one that is looked at, unless another one is named. */
export function ViewSide({ id = viewId.value }: { id?: string }): JSX.Element | null {
  const Side = loaded.value[id]?.Side;
  return Side ? <Side /> : null;
}
