// What the right panel says of the selection: how many, of which classes, the first of its images, and ways to take it out.

import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { say } from "../address";
import { count } from "../format";
import { modelInUse } from "../models";
import { ask } from "../net/api";
import { classColour, css } from "../palette";
import { select, selected, selectNobody } from "../selection";
import { showRow } from "../show";
import { className, codes, dataset, labelOf, labelsHidden, pinned, rowsNoun, tell } from "../state";
import { look, onPage } from "../views/registry";
import { Icon } from "./icons";
import { Thumb } from "./thumb";

const FIRST = 12;
const MOST_BARS = 12;
const MOST_ON_A_SHEET = 2500;

interface ExportKind {
  id: string;
  says: string;
  ending: string;
  title: string;
}

const EXPORTS: readonly ExportKind[] = [
  { id: "ids", says: "ids", ending: "txt", title: "Their ids, one a line" },
  {
    id: "csv",
    says: "CSV",
    ending: "csv",
    title: "A table with id, row, label, split, and what the model in use says",
  },
  { id: "parquet", says: "parquet", ending: "parquet", title: "The same table as parquet" },
  { id: "sheet", says: "sheet", ending: "png", title: "The images on one sheet, as PNG" },
];

/** The file that is being made, so that nobody asks twice. */
const making = signal("");

export function Selection(): JSX.Element | null {
  const rows = selected.value;
  const facts = dataset.value;
  if (!facts || rows.length === 0) return null;
  return (
    <section class="selection" id="selection" data-count={rows.length}>
      <div class="panel-head">
        <h2>
          {count(rows.length)} selected
          {rows.length === facts.n && " (all)"}
        </h2>
        <button
          type="button"
          class="plain"
          title="Select nothing (Esc)"
          aria-label="Select nothing"
          onClick={selectNobody}
        >
          <Icon name="close" />
        </button>
      </div>
      <ClassesOf rows={rows} />
      {facts.image_shape && <Strip rows={rows} />}
      <Couple />
      <Exports rows={rows} />
    </section>
  );
}

/** Two rows that there are to compare: both selected, or one selected and one kept. */
const couple = computed<readonly number[] | null>(() => {
  const [one, other] = selected.value;
  if (one === undefined || selected.value.length > 2) return null;
  if (other !== undefined) return [one, other];
  return pinned.value === null || pinned.value === one ? null : [pinned.value, one];
});

function Couple(): JSX.Element | null {
  const two = couple.value;
  if (!two) return null;
  const [one = 0, other = 0] = two;
  const compare = (): void => {
    say("summary", `between?one=${one + 1}&other=${other + 1}`);
    look("look");
  };
  return (
    <div class="exports">
      <button
        type="button"
        id="compare-two"
        title={`Where #${one} and #${other} differ, and how far apart they are among other pairs`}
        onClick={compare}
      >
        Compare {selected.value.length === 2 ? "these two" : `it with #${one}, which is kept`}
      </button>
    </div>
  );
}

/** The classes in it, the most frequent first; a click selects that class within it. */
function ClassesOf({ rows }: { rows: Uint32Array }): JSX.Element | null {
  const names = dataset.value?.classes ?? [];
  if (names.length === 0 || labelsHidden.value) return null;
  const counts = new Uint32Array(names.length + 1);
  for (const row of rows) {
    const code = codes.value[row] ?? names.length;
    counts[code] = (counts[code] as number) + 1;
  }
  const there = [...counts.keys()].filter((code) => counts[code]);
  there.sort((a, b) => (counts[b] as number) - (counts[a] as number));
  const most = counts[there[0] ?? 0] ?? 1;
  const more = there.length - MOST_BARS;
  return (
    <ul class="bars">
      {there.slice(0, MOST_BARS).map((code) => (
        <li key={code}>
          <button
            type="button"
            class="link"
            title={`Select only these ${count(counts[code] ?? 0)}`}
            onClick={() =>
              select(
                rows.filter((row) => codes.value[row] === code),
                "replace",
                `only ${className(names[code])}`,
              )
            }
          >
            <bdi>{className(names[code])}</bdi>
          </button>
          <i
            style={{
              width: `${(100 * (counts[code] as number)) / most}%`,
              background: css(classColour(code, names.length)),
            }}
          />
          <span>{count(counts[code] ?? 0)}</span>
        </li>
      ))}
      {more > 0 && <li class="quiet">and {count(more)} classes more</li>}
    </ul>
  );
}

function Strip({ rows }: { rows: Uint32Array }): JSX.Element {
  return (
    <ul class="strip" aria-label="The first of them">
      {[...rows.subarray(0, FIRST)].map((row) => (
        <li key={row}>
          <button
            type="button"
            aria-pressed={row === pinned.value}
            title={`#${row}, ${labelOf(row)}`}
            onClick={() => showRow(row)}
          >
            <Thumb row={row} size={32} alt={`image ${row}, ${labelOf(row)}`} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Exports({ rows }: { rows: Uint32Array }): JSX.Element {
  const shape = dataset.value?.image_shape;
  const kinds = EXPORTS.filter(({ id }) => id !== "sheet" || shape);
  return (
    <div class="exports">
      {!onPage.value.has("gallery") && (
        <button type="button" title="See them in the gallery" onClick={() => look("gallery")}>
          <Icon name="gallery" /> gallery
        </button>
      )}
      {kinds.map((kind) => (
        <button
          key={kind.id}
          type="button"
          id={`export-${kind.id}`}
          title={
            kind.id === "sheet" && rows.length > MOST_ON_A_SHEET
              ? `${kind.title}: the first ${count(MOST_ON_A_SHEET)} of them`
              : kind.title
          }
          disabled={making.value !== ""}
          onClick={() => void save(kind, rows)}
        >
          {making.value === kind.id ? "making …" : kind.says}
        </button>
      ))}
    </div>
  );
}

async function save(kind: ExportKind, rows: Uint32Array): Promise<void> {
  making.value = kind.id;
  const taken = kind.id === "sheet" ? rows.slice(0, MOST_ON_A_SHEET) : rows;
  try {
    const model = modelInUse.value ? `?${new URLSearchParams({ model: modelInUse.value.id })}` : "";
    const answer = await ask(`./api/export/${kind.id}${model}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: Uint32Array.from(taken),
    });
    offer(await answer.blob(), `${dataset.value?.name ?? "rows"}-${taken.length}.${kind.ending}`);
    if (taken.length < rows.length)
      tell(
        "info",
        `The sheet shows the first ${count(taken.length)} ${rowsNoun.value} of ${count(rows.length)}.`,
      );
  } catch (error) {
    tell("error", error instanceof Error ? error.message : String(error));
  } finally {
    making.value = "";
  }
}

/** Have the browser save it, under a name that any system takes. */
export function offer(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[^\p{L}\p{N}._ -]+/gu, "_");
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
