// The stage: how the labels are judged, the list of those to distrust, and the one that is looked at.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { fetchChanges, offerOlder } from "../../decisions";
import { count } from "../../format";
import { dataset, ranking, rowsNoun } from "../../state";
import { useSays } from "../registry";
import { blind, current, list, listed, startChoice, startEvidence } from "./choice";
import { Classes } from "./classes";
import { Current } from "./current";
import { startHand } from "./hand";
import "./labels.css";
import "./above.css";
import "./list.css";
import "./judged.css";
import "./evidence.css";
import "./classes.css";
import "./side.css";
import { List } from "./list";
import { details, follow, ranked } from "./ranked";
import { Judge, Progress } from "./tools";

export function Stage(): JSX.Element {
  useEffect(() => {
    void fetchChanges();
    const stops = [follow(), startChoice(), startEvidence(), startHand(), offerOlder()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  useSays(() => {
    const now = ranking.value;
    const place = ranked.value?.places[current.value ?? -1] ?? -1;
    return [
      now?.about ?? "",
      now?.taken ? `${count(now.taken)} decisions taken in` : "",
      place < 0 ? "" : `rank ${count(place + 1)} of ${count(ranked.value?.rows.length ?? 0)}`,
      blind.value ? "second opinion: labels hidden" : "",
    ]
      .filter((part) => part !== "")
      .join(" · ");
  });
  if (dataset.value?.classes.length === 0) return <NoLabels />;
  return (
    <div
      class="labels-view"
      id="labels"
      data-ranking={ranking.value?.status}
      data-number={ranked.value?.number ?? 0}
    >
      <Judge />
      {ranked.value ? <Judged /> : <Invitation />}
    </div>
  );
}

function Judged(): JSX.Element {
  const row = current.value;
  return (
    <div class="labels-body">
      <List />
      {list.value === "classes" ? (
        <Classes />
      ) : row === null || listed.value.length === 0 ? (
        <p class="labels-nothing quiet">
          {(list.value === "suspects" || details.value) && "There are none."}
        </p>
      ) : (
        <Current row={row} />
      )}
    </div>
  );
}

function Invitation(): JSX.Element {
  const status = ranking.value?.status;
  return (
    <div class="labels-invitation">
      <h2>Which labels are wrong?</h2>
      <p>
        A model that has learnt from all other {rowsNoun}, the nearest {rowsNoun} and the class centroids are
        asked about each label. None of them has seen the label that it judges. You look at the worst first,
        and decide.
      </p>
      {status === "running" && <Progress />}
      {status === "looking" && <p class="quiet">Looking whether they were ranked before…</p>}
      {status === "failed" && (
        <p class="wrong" role="alert">
          {ranking.value?.message}
        </p>
      )}
    </div>
  );
}

function NoLabels(): JSX.Element {
  return (
    <div class="labels-invitation">
      <h2>These data have no labels</h2>
      <p>
        Name the column that holds them when you open the data, or open data whose folders are the classes:
        then their labels can be judged here.
      </p>
    </div>
  );
}
