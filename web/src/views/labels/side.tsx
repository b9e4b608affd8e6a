// The right panel: how much was looked at, many at once, the second opinion, and what is taken home.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import {
  conflict,
  decided,
  giveWay,
  insist,
  saveAgain,
  saved,
  secondOpinions,
  unsaved,
} from "../../decisions";
import { count } from "../../format";
import { canRedo, canUndo, redo, undo } from "../../history";
import type { DecisionRecord } from "../../net/wire";
import { annotations, rowsNoun } from "../../state";
import { Bulk } from "./bulk";
import { blind, judged, shown } from "./choice";
import { TakeHome } from "./home";
import { ranked } from "./ranked";
import { sentence } from "./words";

export function Side(): JSX.Element {
  return (
    <>
      <Conflicting />
      <Looked />
      <Bulk />
      <Second />
      <TakeHome />
    </>
  );
}

function Looked(): JSX.Element {
  const found = ranked.value;
  const some = shown.value === "issues";
  const { done, of } = useMemo(() => looked(), [found, decided.value, some, blind.value]);
  const counts = useMemo(() => countsOf(decided.value.values()), [decided.value]);
  return (
    <section class="labels-looked">
      <h2>Decisions</h2>
      {found && (
        <>
          <p id="labels-progress-of">
            <b>{count(done)}</b> of {count(of)} {some ? "that are probably wrong" : rowsNoun} looked at
            {blind.value && " a second time"}
          </p>
          <i class="stage-bar">
            <i style={{ width: `${of > 0 ? (100 * done) / of : 0}%` }} />
          </i>
        </>
      )}
      {counts !== "" && <p class="quiet">{counts}</p>}
      <div class="labels-steps">
        <button
          type="button"
          disabled={canUndo.value === null}
          title={canUndo.value ?? "Nothing to undo"}
          onClick={undo}
        >
          Undo
        </button>
        <button
          type="button"
          disabled={canRedo.value === null}
          title={canRedo.value ?? "Nothing to do again"}
          onClick={redo}
        >
          Redo
        </button>
        <SaveState />
      </div>
      {annotations.value?.notices.map((notice) => (
        <p key={notice} class="quiet">
          {notice}
        </p>
      ))}
    </section>
  );
}

/** Whether all is on the disk, and what to do where it is not. */
function SaveState(): JSX.Element | null {
  const now = saved.value;
  if (now === null) return null;
  if (now.kind === "saved") return <span class="quiet">Saved</span>;
  if (now.kind === "saving") return <span class="quiet">Saving…</span>;
  return (
    <p class="wrong" id="labels-unsaved" role="alert">
      {now.kind === "failed" && `Not saved (${count(unsaved.value)}), tried again by itself. `}
      {now.why}{" "}
      {now.kind === "failed" && (
        <button type="button" class="link" onClick={saveAgain}>
          Try again now
        </button>
      )}
    </p>
  );
}

function looked(): { done: number; of: number } {
  const found = ranked.peek();
  if (!found) return { done: 0, of: 0 };
  const some = shown.peek() === "issues";
  let [done, of] = [0, 0];
  found.rows.forEach((row, place) => {
    if (some && found.issue[place] !== 1) return;
    of += 1;
    if (judged(row)) done += 1;
  });
  return { done, of };
}

const NAMES: readonly [DecisionRecord["decision"], string][] = [
  ["relabel", "relabelled"],
  ["keep", "kept"],
  ["ambiguous", "ambiguous"],
  ["exclude", "left out"],
  ["later", "for later"],
];

function countsOf(records: Iterable<DecisionRecord>): string {
  const counts = new Map<string, number>();
  for (const { decision } of records) counts.set(decision, (counts.get(decision) ?? 0) + 1);
  return NAMES.filter(([decision]) => counts.has(decision))
    .map(([decision, name]) => `${count(counts.get(decision) ?? 0)} ${name}`)
    .join(", ");
}

/** Others decided about the same images: one of the two stays. */
function Conflicting(): JSX.Element | null {
  const held = conflict.value;
  if (!held) return null;
  const { theirs, rows } = held.conflict;
  return (
    <section class="labels-conflict" id="labels-conflict" role="alert">
      <h2>Decided elsewhere meanwhile</h2>
      <p>
        {rows.length === 1 ? `Image #${rows[0]}` : `${count(rows.length)} images`}: nothing of yours was saved
        ({held.says}).
      </p>
      {theirs.slice(0, 3).map((record) => (
        <p key={record.row} class="quiet">
          #{record.row}: {sentence(record)}
        </p>
      ))}
      <div class="labels-steps">
        <button type="button" id="labels-theirs" onClick={giveWay}>
          Leave theirs
        </button>
        <button type="button" id="labels-mine" onClick={insist}>
          Save mine
        </button>
      </div>
    </section>
  );
}

function Second(): JSX.Element {
  const { twice, agree } = secondOpinions.value;
  return (
    <section class="labels-second">
      <h2>Second opinion</h2>
      <label>
        <input
          type="checkbox"
          id="labels-blind"
          checked={blind.value}
          onChange={(event) => {
            blind.value = event.currentTarget.checked;
          }}
        />
        <span>Hide the labels, what is suggested, and what was decided</span>
      </label>
      <p class="quiet">
        {twice === 0
          ? "What you decide then is kept beside the first decision and replaces none."
          : `${count(twice)} ${rowsNoun.value} were judged twice; ${count(agree)} of them alike.`}
      </p>
    </section>
  );
}
