// The rail: which view stands in the middle of the window.

import type { JSX } from "preact";
import { look, VIEWS, viewId } from "../views/registry";
import { Icon } from "./icons";

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
