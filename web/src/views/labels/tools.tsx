// Above the list: which labels are judged, by what, and how far that is.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { decided } from "../../decisions";
import { count, duration } from "../../format";
import { dataset, ranking, rowsNoun } from "../../state";
import { cancelRanking, issues, rank, ranked } from "./ranked";
import { BY_NAMES } from "./words";

/** What was chosen for the next ranking; null: as in the one that is there. */
const split = signal<string | null | undefined>(undefined);
const by = signal<string | undefined>(undefined);

const KINDS = ["combined", "model", "neighbours", "centroid"] as const;

export function Judge(): JSX.Element {
  const now = ranking.value;
  const splits = dataset.value?.splits ?? [];
  const wantedSplit = split.value === undefined ? (now?.split ?? null) : split.value;
  const wantedBy = by.value ?? now?.by ?? "combined";
  const running = now?.status === "running";
  const there = (now?.number ?? 0) > 0;
  const start = (taken: boolean, part: { split?: string | null; by?: string } = {}): void => {
    void rank({ split: wantedSplit, by: wantedBy, taken, ...part });
  };
  return (
    <div class="labels-tools" role="toolbar" aria-label="How the labels are judged">
      {splits.length > 0 && (
        <label>
          <span>Judge</span>
          <select
            id="labels-split"
            value={wantedSplit ?? ""}
            onChange={(event) => {
              split.value = event.currentTarget.value || null;
              if (there) start((now?.taken ?? 0) > 0, { split: split.value });
            }}
          >
            <option value="">all {rowsNoun}</option>
            {splits.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        <span>{splits.length > 0 ? "by" : "Judge by"}</span>
        <select
          id="labels-by"
          value={wantedBy}
          onChange={(event) => {
            by.value = event.currentTarget.value;
            if (there) start((now?.taken ?? 0) > 0, { by: by.value });
          }}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {BY_NAMES[kind]}
            </option>
          ))}
        </select>
      </label>
      {!there && !running && (
        <button type="button" class="primary" id="labels-rank" onClick={() => start(false)}>
          Rank the labels
        </button>
      )}
      {there && !running && <Again onAgain={() => start(true)} />}
      {there && running && <Progress />}
      {there && !running && ranked.value && (
        <p class="labels-found" id="labels-found">
          <b>{count(issues.value)}</b> of {count(ranked.value.rows.length)} labels are probably wrong
        </p>
      )}
    </div>
  );
}

/** Rank again with what was decided, where something was that the ranking does not know of. */
function Again({ onAgain }: { onAgain: () => void }): JSX.Element | null {
  const many = decided.value.size;
  const taken = ranking.value?.taken ?? 0;
  if (many === 0 || many === taken) return null;
  return (
    <button
      type="button"
      id="labels-again"
      title="Learn again from the corrected labels, without images that are ambiguous or left out, and rank"
      onClick={onAgain}
    >
      Rank again with {count(many)} {many === 1 ? "decision" : "decisions"}
    </button>
  );
}

export function Progress(): JSX.Element {
  const now = ranking.value;
  const share = now?.share ?? 0;
  const left = now?.seconds_left;
  return (
    <div class="labels-progress" id="labels-progress" role="status">
      <span>
        {now?.stage || "beginning"}, {Math.floor(100 * share)} %
        {left !== null && left !== undefined && `, ${duration(left)} left`}
      </span>
      <i class="stage-bar">
        <i style={{ width: `${100 * share}%` }} />
      </i>
      <button type="button" id="labels-cancel" onClick={() => void cancelRanking()}>
        Cancel
      </button>
    </div>
  );
}
