// The message line: what went wrong and what to do, in words, until it is over or dismissed.

import type { JSX } from "preact";
import { dialogOpen } from "../open";
import { dismiss, link, notices, opening } from "../state";
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
