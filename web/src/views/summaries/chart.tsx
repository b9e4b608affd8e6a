// The chart of what is shown. What draws it is loaded when the first one is shown.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { howOf } from "../../selection";
import { tell } from "../../state";
import type { Spec } from "./fit";
import { follow, hover, meantBy } from "./marks";
import type { Drawn, Hand } from "./vega";

const REST_MS = 150; // after the last change of the width

interface ChartProps {
  spec: Spec;
  says: string;
  /** changes with each chart that is another one */
  id: string;
}

export function Chart({ spec, says, id }: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const width = useRoom(box);
  useEffect(() => {
    const place = box.current;
    if (!place || width === 0) return undefined;
    let drawn: Drawn | null = null;
    let wanted = true;
    const fresh = document.createElement("div");
    fresh.className = "chart-sheet";
    place.append(fresh);
    import("./vega")
      .then(({ draw }) => draw(fresh, spec, says, handOf(place)))
      .then((made) => {
        if (!wanted) return made.close();
        drawn = made;
        for (const old of place.querySelectorAll(".chart-sheet")) if (old !== fresh) old.remove();
        fresh.classList.add("ready");
        place.dataset.drawn = id;
      })
      .catch((error: Error) => {
        if (wanted) tell("error", `The chart could not be drawn: ${error.message}`);
      });
    return () => {
      wanted = false;
      hover(null);
      drawn?.close();
      if (!fresh.classList.contains("ready")) fresh.remove();
    };
  }, [spec, says, id, width]);
  return <div class="chart" id="chart" ref={box} />;
}

function handOf(place: HTMLElement): Hand {
  return {
    click: (datum, event) => {
      const meant = meantBy(datum);
      if (meant) follow(meant, howOf(event));
    },
    over: (datum) => {
      const meant = meantBy(datum);
      place.classList.toggle("pointing", meant !== null);
      hover(meant);
    },
  };
}

/** The width of an element, when it rests. */
function useRoom(box: { current: HTMLElement | null }): number {
  const width = useSignal(0);
  useEffect(() => {
    if (!box.current) return undefined;
    let timer: number | undefined;
    const watch = new ResizeObserver(([entry]) => {
      const now = Math.floor(entry?.contentRect.width ?? 0);
      window.clearTimeout(timer);
      if (width.peek() === 0) width.value = now;
      else
        timer = window.setTimeout(() => {
          width.value = now;
        }, REST_MS);
    });
    watch.observe(box.current);
    return () => {
      window.clearTimeout(timer);
      watch.disconnect();
    };
  }, []);
  return width.value;
}
