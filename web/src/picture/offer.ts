// The picture of the view that is looked at, as a file: a view that has one offers it while it stands on the stage.

import { useContext, useEffect, useRef } from "preact/hooks";
import { dataset, tell } from "../state";
import { offer as saveAs } from "../ui/selection";
import { statusSays } from "../ui/status";
import { StandingContext } from "../views/registry";
import { type Kind, type Offer, offered, type Picture } from "./offered";

/** Offer a picture while this part of the page is there; none where it has no kind. */
export function usePicture(kinds: readonly Kind[], make: Offer["make"]): void {
  const { picture } = useContext(StandingContext);
  const latest = useRef(make);
  latest.current = make;
  useEffect(() => {
    if (kinds.length === 0) return undefined;
    const mine: Offer = { kinds, make: (kind) => latest.current(kind) };
    picture.value = mine;
    return () => {
      if (picture.peek() === mine) picture.value = null;
    };
  }, [picture, kinds.join()]);
}

/** Have the browser save it, where the view has one of that kind. */
export async function savePicture(kind: Kind): Promise<void> {
  const now = offered.peek();
  if (!now?.kinds.includes(kind)) return;
  try {
    const picture = now.make(kind);
    if (picture) saveAs(await fileOf(picture, kind), `${fileName(picture.name)}.${kind}`);
  } catch (error) {
    tell("error", `The picture could not be made: ${error instanceof Error ? error.message : error}`);
  }
}

async function fileOf({ shows, also = "" }: Picture, kind: Kind): Promise<Blob> {
  if (shows instanceof Promise) return shows;
  const said = [dataset.peek()?.name ?? "", statusSays.peek(), also];
  const says = said.filter((text) => text !== "").join(" · ");
  const { asCanvas, asSvg } = await import("./sheet");
  if (kind === "svg") return new Blob([asSvg(shows, says)], { type: "image/svg+xml" });
  const canvas = asCanvas(shows, says);
  return new Promise((made, failed) => {
    canvas.toBlob((blob) => {
      if (blob) made(blob);
      else failed(new Error("it is too large for this browser."));
    }, "image/png");
  });
}

/** The data and what is shown of them, in letters that any system takes. */
export function fileName(shows: string): string {
  const words = `${dataset.peek()?.name ?? ""} ${shows}`.toLowerCase();
  return words.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "");
}
