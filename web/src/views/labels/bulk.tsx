// One decision about all images of the app's selection, with what it would do before it is done.

import { signal, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { type Decision, decide } from "../../decisions";
import { count } from "../../format";
import { ask } from "../../net/api";
import type { BulkPreview, DecideRequest } from "../../net/wire";
import { select, selected } from "../../selection";
import { annotations, className, dataset, rowsNoun, tell } from "../../state";
import { blind, listed } from "./choice";

const DECISIONS: readonly [Decision | "none", string][] = [
  ["relabel", "relabel as"],
  ["keep", "keep their labels"],
  ["ambiguous", "ambiguous"],
  ["exclude", "leave out"],
  ["later", "later"],
  ["none", "take decisions back"],
];

const decision = signal<Decision | "none">("relabel");
const label = signal<string | null>(null);

export function Bulk(): JSX.Element | null {
  const preview = useSignal<BulkPreview | null>(null);
  const classes = dataset.value?.classes ?? [];
  const rows = selected.value;
  const chosen = decision.value === "relabel" ? (label.value ?? classes[0] ?? null) : null;
  useSignalEffect(() => {
    const many = selected.value;
    const wanted = decision.value;
    const as = wanted === "relabel" ? (label.value ?? dataset.value?.classes[0] ?? null) : null;
    annotations.value; // another count where something was decided
    preview.value = null;
    if (many.length === 0) return undefined;
    const leave = new AbortController();
    const timer = setTimeout(() => {
      fetchPreview(many, wanted, as, leave.signal)
        .then((found) => {
          preview.value = found;
        })
        .catch((error: Error) => {
          if (!leave.signal.aborted) tell("warning", error.message);
        });
    }, 100);
    return () => {
      clearTimeout(timer);
      leave.abort();
    };
  });
  if (blind.value) return null;
  const now = preview.value;
  return (
    <section class="labels-bulk" id="labels-bulk">
      <h2>Many at once</h2>
      {rows.length === 0 ? (
        <p class="quiet">
          Select {rowsNoun} in the map or the gallery
          {listed.value.length > 0 && (
            <>
              , or{" "}
              <button type="button" class="link" id="labels-select" onClick={() => select(listed.peek())}>
                all of this list
              </button>
            </>
          )}
          : then one decision can be made about all of them.
        </p>
      ) : (
        <>
          <div class="labels-bulk-what">
            <select
              id="labels-bulk-decision"
              aria-label="Decision"
              value={decision.value}
              onChange={(event) => {
                decision.value = event.currentTarget.value as Decision | "none";
              }}
            >
              {DECISIONS.map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
            {decision.value === "relabel" && (
              <select
                id="labels-bulk-class"
                aria-label="Class"
                value={chosen ?? ""}
                onChange={(event) => {
                  label.value = event.currentTarget.value;
                }}
              >
                {classes.map((name) => (
                  <option key={name} value={name}>
                    {className(name)}
                  </option>
                ))}
              </select>
            )}
          </div>
          <p id="labels-preview" aria-live="polite">
            {now ? previewSays(now) : "…"}
          </p>
          <button
            type="button"
            id="labels-bulk-do"
            disabled={!now || now.count === now.unchanged}
            onClick={() => decide([...rows], decision.value, { label: chosen })}
          >
            Decide about {count(rows.length)}
          </button>
        </>
      )}
    </section>
  );
}

/** "120 images: 118 get another label, 2 have it already, 3 were decided otherwise." */
export function previewSays({ count: all, relabelled, overwritten, unchanged }: BulkPreview): string {
  const parts = [
    relabelled > 0 ? `${count(relabelled)} get another label` : "",
    unchanged > 0 ? `${count(unchanged)} stay as they were decided` : "",
    overwritten > 0 ? `${count(overwritten)} were decided otherwise before` : "",
  ].filter((part) => part !== "");
  return `${count(all)} selected${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.`;
}

async function fetchPreview(
  rows: Uint32Array,
  wanted: Decision | "none",
  as: string | null,
  signal: AbortSignal,
): Promise<BulkPreview> {
  const body: DecideRequest = {
    rows: [...rows],
    decision: wanted,
    label: as,
    note: "",
    token: "",
    seen: null,
    blind: false,
  };
  const path = "./api/decisions/preview";
  const answer = await ask(path, { method: "POST", body: JSON.stringify(body), signal });
  return (await answer.json()) as BulkPreview;
}
