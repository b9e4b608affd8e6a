import type { JSX } from "preact";
import { KEYS } from "../keys";
import { helpOpen } from "../state";
import { viewId, viewOf } from "../views/registry";

/** The list of keys, beside the button that opens it; it blocks nothing. */
export function Help(): JSX.Element | null {
  if (!helpOpen.value) return null;
  const view = viewOf(viewId.value);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and whoever has no mouse scrolls it by the arrow keys
    <section class="help" id="help" aria-label="Keys" tabIndex={0}>
      <h2>Keys</h2>
      {view?.keys && (
        <>
          <h3>{view.title}</h3>
          <List keys={view.keys} />
          <h3>Everywhere else</h3>
        </>
      )}
      <List keys={KEYS} />
      <p class="quiet">
        Drag pans, the wheel zooms to the pointer. In the legend a click switches a class, a double click
        shows it alone.
      </p>
    </section>
  );
}

function List({ keys: all }: { keys: readonly { keys: string; says: string }[] }): JSX.Element {
  return (
    <dl>
      {all.map(({ keys, says }) => (
        <div key={keys}>
          <dt>
            <kbd>{keys}</kbd>
          </dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  );
}
