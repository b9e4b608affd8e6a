// The message line: what went wrong and what to do, in words, until it is over or dismissed.

import type { JSX } from "preact";
import { start } from "../live";
import type { AskedRecord } from "../net/wire";
import { dialogOpen } from "../open";
import { dismiss, link, notices, opening, unfinished } from "../state";
import { MAP, viewId } from "../views/registry";
import { Icon } from "./icons";
import { openingState } from "./open";

export function Messages(): JSX.Element {
  const lost = link.value.kind === "lost";
  return (
    <div class="messages" id="messages" aria-live="polite">
      {lost && (
        <p class="message warning">
          The connection to the app is lost; trying again. The map stays as it was. If the app was ended,
          start it again in the terminal.
        </p>
      )}
      {opening.value && !dialogOpen.value && (
        <p class="message" id="opening">
          Opening {openingState(opening.value)}
        </p>
      )}
      {unfinished.value && viewId.value === MAP && <Unfinished asked={unfinished.value} />}
      {notices.value.map((notice) => (
        <p key={notice.key} class={`message ${notice.level}`}>
          <span>{notice.text}</span>
          <button type="button" class="plain" aria-label="Dismiss" onClick={() => dismiss(notice.key)}>
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}

/** A run that was cut off is offered, never begun by itself. */
function Unfinished({ asked }: { asked: AskedRecord }): JSX.Element {
  return (
    <p class="message" id="unfinished">
      <span>
        {asked.title} with seed {asked.seed} was cut off when the app ended. The same seed gives the same map.
      </span>
      <button type="button" id="again" onClick={() => start(asked.method, asked.seed, asked.options)}>
        Start it again
      </button>
      <button
        type="button"
        class="plain"
        aria-label="Dismiss"
        onClick={() => {
          unfinished.value = null;
        }}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}
