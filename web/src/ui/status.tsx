// The status line: what is shown, in which space, with which parameters, and what the run is doing. Always true.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { saveAgain, saved, unsaved } from "../decisions";
import { lookedAt } from "../filter";
import { cost, count, duration, runName, runState, spaceName } from "../format";
import { hasWebGl } from "../map/make-renderer";
import type { RunRecord } from "../net/wire";
import { dataset, known, pointsDrawn, recalled, shown, shownRun } from "../state";
import { MAP, viewId, viewSays } from "../views/registry";

const ANNOUNCE_MS = 5000;

/** What is on the stage, in a few words each. */
const mapSays = computed<string[]>(() => {
  const run = shownRun.value;
  if (!run || !shown.value) return [];
  const space = spaceName(run.options);
  const perplexity = run.options.perplexity;
  return [
    `${count(lookedAt.value)} of ${count(dataset.value?.n ?? 0)} shown`,
    sampled(),
    hasWebGl() ? "" : "drawn without WebGL",
    runName(run),
    space,
    perplexity === undefined || perplexity === null ? "" : `perplexity ${perplexity}`,
    costNow(run),
    recalled.value === null ? "" : `step ${count(recalled.value)}, seen before`,
    run.seed === null ? "" : `seed ${run.seed}`,
    runState(run),
    run.status === "running" && run.seconds_left !== null ? `${duration(run.seconds_left)} left` : "",
  ].filter((text) => text !== "");
});

/** On a slow machine a moving map is drawn as a sample of its dots; then that is said. */
function sampled(): string {
  const all = dataset.value?.n ?? 0;
  return pointsDrawn.value < all ? `a sample of ${count(pointsDrawn.value)} while it moves` : "";
}

/** The last cost that was computed up to the frame on the stage. */
function costNow(run: RunRecord): string {
  const curve = known.value.curves[run.id];
  const step = shown.value?.step ?? 0;
  const at = curve?.steps.findLastIndex((other) => other <= step) ?? -1;
  return at < 0 ? "" : `${run.cost_name || "cost"} ${cost(curve?.costs[at] ?? Number.NaN)}`;
}

/** What is in the stage now, whichever view it is. */
export const statusSays = computed(() => (viewId.value === MAP ? mapSays.value.join(" · ") : viewSays.value));

export function StatusLine(): JSX.Element {
  return (
    <footer class="status">
      <p id="status">{statusSays.value || "nothing is shown yet"}</p>
      <SaveState />
      <Announcer />
    </footer>
  );
}

/** Whether what was decided is on the disk. */
function SaveState(): JSX.Element | null {
  const now = saved.value;
  if (now === null) return null;
  const waiting = unsaved.value;
  return (
    <p class={`saved ${now.kind}`} id="saved" role="status" title={"why" in now ? now.why : ""}>
      {now.kind === "saved" && "Saved"}
      {now.kind === "saving" && "Saving…"}
      {now.kind === "readonly" && "Read only"}
      {now.kind === "failed" && (
        <>
          Not saved: {count(waiting)} {waiting === 1 ? "change waits" : "changes wait"}
          <button type="button" class="link" onClick={saveAgain}>
            try again
          </button>
        </>
      )}
    </p>
  );
}

/** What a screen reader hears of it: at most every five seconds, so that it can finish a sentence. */
function Announcer(): JSX.Element {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const say = (): void => setSaid(mapSays.peek().join(", "));
    const timer = window.setInterval(say, ANNOUNCE_MS);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <p class="unseen" aria-live="polite">
      {said}
    </p>
  );
}
