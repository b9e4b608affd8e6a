// While the small bundled data set is open, a quiet line says how to come to one's own.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { catalogue, doing, openByName } from "../open";
import { dataset, opening } from "../state";
import { Icon } from "./icons";

const declined = signal(false);

export function Invitation(): JSX.Element | null {
  const entries = catalogue.value?.entries ?? [];
  const bundled = entries.some(
    (entry) => entry.size === "" && entry.here && entry.title === dataset.value?.name,
  );
  const mnist = entries.find((entry) => entry.key === "mnist");
  if (!bundled || !mnist || declined.value || opening.value || doing.value !== null) return null;
  const readsFolders = catalogue.value?.readers.includes("zip") ?? false;
  return (
    <p class="invitation" id="invitation">
      Drop {readsFolders ? "a folder of images" : "a file"} here, or
      <button type="button" class="link" onClick={() => void openByName(mnist.key, mnist.title)}>
        open {mnist.title}
      </button>
      {!mnist.here && ` (${mnist.size})`}
      <button
        type="button"
        class="plain"
        aria-label="Dismiss"
        onClick={() => {
          declined.value = true;
        }}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}
