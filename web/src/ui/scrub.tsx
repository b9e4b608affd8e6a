// The way back through the frames of a run that were seen: a thin line above the timeline. Its right end is the newest.

import type { JSX } from "preact";
import { count } from "../format";
import { seen } from "../mounting";
import { recalled, shown, stage } from "../state";

export function Scrub(): JSX.Element | null {
  // Each frame that is shown adds to those that were seen.
  const frames = shown.value ? seen.frames : [];
  const last = frames.length - 1;
  if (last < 1) return null;
  const at =
    recalled.value === null ? last : frames.findLastIndex((each) => each.step <= (recalled.value ?? 0));
  const step = frames[at]?.step ?? 0;
  return (
    <div class={recalled.value === null ? "scrub" : "scrub back"}>
      <input
        id="scrub"
        type="range"
        min={0}
        max={last}
        step={1}
        value={at}
        aria-label="Frames that were seen"
        aria-valuetext={recalled.value === null ? "the newest" : `step ${step}`}
        title={`Back through the ${count(frames.length)} frames that were seen`}
        onInput={(event) => go(Number(event.currentTarget.value))}
      />
      {recalled.value !== null && (
        <button type="button" id="scrub-newest" onClick={newest}>
          step {count(step)} · show the newest
        </button>
      )}
    </div>
  );
}

function go(at: number): void {
  const frames = seen.frames;
  const frame = frames[at];
  if (!frame || at >= frames.length - 1) {
    newest();
    return;
  }
  recalled.value = frame.step;
  stage.value?.recall(frame);
}

export function newest(): void {
  recalled.value = null;
  stage.value?.recall(null);
}
