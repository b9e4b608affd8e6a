// The slider of the attraction: it moves the map between t-SNE, UMAP and Laplacian eigenmaps while it forms.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { factorAt, factorOf, isMarked, LEAST, MARKS, nearestMark, placeOf } from "../exaggeration";
import { exaggerate } from "../live";
import { isOver } from "../net/session";
import type { RunRecord } from "../net/wire";
import { Icon } from "./icons";

const PLAIN = "Multiplies the attraction while the map forms";
const MARKED = `${PLAIN}: 1 is t-SNE, about 4 is like UMAP, and the more it is the nearer it comes to Laplacian eigenmaps`;
const SEND_MS = 80; // a slider that is dragged speaks about as often as maps are drawn

export function Exaggeration({ run }: { run: RunRecord }): JSX.Element {
  const used = factorOf(run);
  const [held, setHeld] = useState<number | null>(null);
  const timer = useRef<number | undefined>(undefined);
  const factor = held ?? used;
  const over = isOver(run);

  // What the run uses has come to what was asked for: from here on it is followed again.
  useEffect(() => {
    if (held !== null && used === held) setHeld(null);
  }, [used, held]);
  useEffect(() => setHeld(null), [run.id, over]);

  const move = (next: number): void => {
    setHeld(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => exaggerate(run, next), SEND_MS);
  };
  const words = factor === null ? "as planned" : `×${factor}`;
  const marks = isMarked(run) ? MARKS : [];
  return (
    <div class="exaggeration" id="exaggeration" data-factor={used}>
      <p>
        <label for="factor">exaggeration</label>
        <output>{words}</output>
        {run.exaggeration !== null && !over && (
          <button
            type="button"
            class="plain"
            id="own-factor"
            title="Back to what the method has planned"
            aria-label="Back to what the method has planned"
            onClick={() => exaggerate(run, null)}
          >
            <Icon name="close" />
          </button>
        )}
      </p>
      <div class="factor-track">
        <input
          id="factor"
          type="range"
          min={0}
          max={1}
          step={0.005}
          value={placeOf(factor ?? LEAST)}
          disabled={over}
          aria-valuetext={marks.length > 0 && factor !== null ? `${words}, ${nearestMark(factor)}` : words}
          title={marks.length > 0 ? MARKED : PLAIN}
          onInput={(event) => move(factorAt(Number(event.currentTarget.value)))}
        />
        {marks.map((mark) => (
          <span
            class="mark"
            key={mark.name}
            style={{ left: `${100 * placeOf(mark.factor)}%` }}
            title={mark.name}
            aria-hidden="true"
          >
            {mark.short}
          </span>
        ))}
      </div>
    </div>
  );
}
