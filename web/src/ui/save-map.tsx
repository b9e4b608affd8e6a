// The map that is shown, as files: its picture with a caption, and its coordinates.

import type { JSX } from "preact";
import { dataset, shownRun } from "../state";
import { saveViewPicture } from "../view-picture";
import { mapSays } from "./status";

const KINDS = [
  { ending: "png", says: "PNG", title: "The picture of the map, with what it was computed on" },
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
      <button
        type="button"
        class="link"
        id="save-view"
        title="What is seen now (from here, in these colours, without what is hidden), at twice its size"
        onClick={() => saveViewPicture([dataset.value?.name ?? "", ...mapSays.value].join(" · "))}
      >
        this view
      </button>
    </p>
  );
}
