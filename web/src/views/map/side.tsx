import type { JSX } from "preact";
import { ColourBy } from "../../ui/colour-by";
import { NewMap } from "../../ui/form";
import { Quality } from "../../ui/quality";
import { SaveMap } from "../../ui/save-map";

/** What the colours say, how far the map can be believed, and the next map. */
export function Side(): JSX.Element {
  return (
    <>
      <ColourBy />
      <Quality />
      <SaveMap />
      <NewMap />
    </>
  );
}
