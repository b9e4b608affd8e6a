// What can be done on the map besides moving it: show images in place of dots, draw a lasso, fit the whole map.

import type { JSX } from "preact";
import { edgesSay, edgesShown, toggleEdges } from "../edges";
import { lassoTaken, pictureMode } from "../mounting";
import { autoFit, dataset, stage } from "../state";
import { Icon } from "./icons";

export function MapTools(): JSX.Element {
  return (
    <div class="map-tools" role="toolbar" aria-label="Map">
      {dataset.value?.image_shape && (
        <button
          type="button"
          id="pictures-button"
          aria-label="Images"
          title="Show images in place of dots everywhere; else they come as one zooms in (I)"
          aria-pressed={pictureMode.value === "always"}
          onClick={togglePictures}
        >
          <Icon name="picture" />
          <span>Images</span>
        </button>
      )}
      <button
        type="button"
        id="lasso-button"
        aria-label="Lasso"
        title="Draw round dots to select them (L, or hold Shift); Ctrl adds, Alt takes out"
        aria-pressed={lassoTaken.value}
        onClick={toggleLasso}
      >
        <Icon name="lasso" />
        <span>Lasso</span>
      </button>
      <button
        type="button"
        id="edges-button"
        aria-label="Edges"
        title="Draw an edge from each dot to its nearest neighbours in the data (E)"
        aria-pressed={edgesShown.value}
        onClick={toggleEdges}
      >
        <Icon name="edges" />
        <span>Edges</span>
      </button>
      <button
        type="button"
        class="fit"
        id="fit"
        aria-label="Fit"
        title="Fit the whole map (F)"
        disabled={autoFit.value}
        onClick={() => stage.value?.framing.fit()}
      >
        <Icon name="fit" />
        <span>Fit</span>
      </button>
    </div>
  );
}

/** What the edges are, while they are drawn. */
export function EdgesSay(): JSX.Element | null {
  return edgesSay.value === "" ? null : (
    <p class="edges-say" id="edges-say">
      {edgesSay}
    </p>
  );
}

export function togglePictures(): void {
  pictureMode.value = pictureMode.value === "always" ? "auto" : "always";
}

export function toggleLasso(): void {
  lassoTaken.value = !lassoTaken.value;
}
