// What is seen on the stage, as a file: the same button for every view that has a picture.

import type { JSX } from "preact";
import { savePicture } from "../picture/offer";
import { offered } from "../picture/offered";
import { Icon } from "./icons";

export function SavePicture(): JSX.Element | null {
  const kinds = offered.value?.kinds ?? [];
  if (kinds.length === 0) return null;
  return (
    <fieldset class="save-picture">
      <legend class="unseen">Save what is seen as</legend>
      <button
        type="button"
        id="save-view"
        title="Save what is seen as a picture, at twice its size (P)"
        onClick={() => void savePicture("png")}
      >
        <Icon name="into" />
        PNG
      </button>
      {kinds.includes("svg") && (
        <button
          type="button"
          id="save-view-svg"
          title="Save what is seen as a vector graphic (Shift P)"
          onClick={() => void savePicture("svg")}
        >
          SVG
        </button>
      )}
    </fieldset>
  );
}
