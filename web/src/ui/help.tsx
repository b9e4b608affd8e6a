import type { JSX } from "preact";
import { KEYS } from "../keys";
import { helpOpen } from "../state";

/** The list of keys, beside the button that opens it; it blocks nothing. */
export function Help(): JSX.Element | null {
  if (!helpOpen.value) return null;
  return (
    <section class="help" id="help" aria-label="Keys">
      <h2>Keys</h2>
      <dl>
        {KEYS.map(({ keys, says }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        Drag pans, the wheel zooms to the pointer. In the legend a click switches a class, a double click
        shows it alone.
      </p>
    </section>
  );
}
