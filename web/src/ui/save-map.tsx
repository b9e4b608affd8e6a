// The map that is shown, as files: the whole of it as a picture with a caption, and its coordinates.

import type { JSX } from "preact";
import { shownRun } from "../state";

const KINDS = [
  {
    ending: "png",
    says: "PNG",
    title: "The whole map with what it was computed on; what is seen of it is saved at the top (P)",
  },
  { ending: "csv", says: "CSV", title: "A table of id, coordinates and label" },
  { ending: "parquet", says: "parquet", title: "The same table as parquet" },
];

export function SaveMap(): JSX.Element | null {
  const run = shownRun.value;
  if (!run) return null;
  return (
    <p class="save-map" id="save-map">
      <span class="quiet">Save this map as</span>
      {KINDS.map(({ ending, says, title }) => (
        <a key={ending} href={`./api/runs/${run.id}/map/${ending}`} download title={title}>
          {says}
        </a>
      ))}
    </p>
  );
}
