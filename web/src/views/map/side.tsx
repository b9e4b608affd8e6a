import type { JSX } from "preact";
import { NewMap } from "../../ui/form";
import { Quality } from "../../ui/quality";

/** How far the map can be believed, and the next map. */
export function Side(): JSX.Element {
  return (
    <>
      <Quality />
      <NewMap />
    </>
  );
}
