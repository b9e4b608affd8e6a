import type { JSX } from "preact";
import { usePicture } from "../../picture/offer";
import { shownRun } from "../../state";
import { ColourBy } from "../../ui/colour-by";
import { NewMap } from "../../ui/form";
import { KeptMaps, KeptNote } from "../../ui/kept";
import { Quality } from "../../ui/quality";
import { SaveMap } from "../../ui/save-map";
import { mapPicture } from "./picture";
import "../../style/kept.css";

/** What the colours say, how far the map can be believed, and the next map. */
export function Side(): JSX.Element {
  usePicture(shownRun.value ? ["png"] : [], mapPicture);
  return (
    <>
      <KeptNote />
      <ColourBy />
      <Quality />
      <SaveMap />
      <KeptMaps />
      <NewMap />
    </>
  );
}
