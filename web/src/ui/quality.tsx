// Beside the map: how far it can be believed, and what was not done as asked.

import { signal } from "@preact/signals";
import { Fragment, type JSX } from "preact";
import { firstOf, meaningOf } from "../explain";
import { cost } from "../format";
import { isOver } from "../net/session";
import type { RunRecord, ScoreRecord } from "../net/wire";
import { shownRun } from "../state";

const explained = signal<string | null>(null);
const all = signal(false);

export function Quality(): JSX.Element | null {
  const run = shownRun.value;
  if (!run) return null;
  return (
    <section class="quality" id="quality" aria-label="How far this map can be believed">
      <h3>How far this map can be believed</h3>
      {run.notes.length > 0 && (
        <ul class="notes" id="run-notes">
          {run.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {run.scores.length > 0 ? <Scores scores={run.scores} /> : <p class="quiet">{awaited(run)}</p>}
    </section>
  );
}

/** Why there are no numbers yet. */
function awaited(run: RunRecord): string {
  if (run.measuring !== "") return `Measuring: ${run.measuring}.`;
  if (run.status === "failed") return "The run failed; nothing is measured.";
  return isOver(run) ? "Measured as soon as nothing else runs." : "Measured when the run is over.";
}

/** The numbers, under what they were computed on; a click explains one. */
function Scores({ scores }: { scores: readonly ScoreRecord[] }): JSX.Element {
  const first = firstOf(scores);
  const listed = all.value ? scores : first;
  return (
    <>
      <div id="scores">
        {[...new Set(listed.map(({ of }) => of))].map((of) => (
          <Fragment key={of}>
            <p class="score-of">{of}</p>
            <dl class="scores">
              {listed
                .filter((score) => score.of === of)
                .map((score) => (
                  <Score key={score.name} score={score} />
                ))}
            </dl>
          </Fragment>
        ))}
      </div>
      {first.length < scores.length && (
        <button
          type="button"
          class="link all-scores"
          id="all-scores"
          aria-expanded={all.value}
          onClick={toggleAll}
        >
          {all.value ? "Fewer measures" : `All ${scores.length} measures`}
        </button>
      )}
    </>
  );
}

function toggleAll(): void {
  all.value = !all.value;
}

function Score({ score }: { score: ScoreRecord }): JSX.Element {
  const open = explained.value === score.name;
  const meaning = meaningOf(score.name);
  return (
    <div class="score">
      <dt>
        <button
          type="button"
          class="explains"
          title={meaning}
          aria-expanded={open}
          onClick={() => {
            explained.value = open ? null : score.name;
          }}
        >
          {score.name}
        </button>
      </dt>
      <dd title={score.better === "high" ? "higher is better" : "lower is better"}>
        {score.value === null ? "–" : cost(score.value)}
        <i aria-hidden="true">{score.better === "high" ? "↑" : "↓"}</i>
      </dd>
      {open && (
        <dd class="score-means">
          {meaning} {score.better === "high" ? "Higher is better." : "Lower is better."}
        </dd>
      )}
    </div>
  );
}
