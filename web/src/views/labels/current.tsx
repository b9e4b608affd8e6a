// The image whose label is judged: what it is labelled, what is suggested, the decisions, and the evidence.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { decide, decided } from "../../decisions";
import { count } from "../../format";
import { showRow } from "../../show";
import { className, dataset, labelOf, splitOf } from "../../state";
import { OwnId } from "../../ui/own-id";
import { Thumb } from "../../ui/thumb";
import { look } from "../registry";
import { blind, judge, note, suggestion, takeSuggestion } from "./choice";
import { EvidenceOf } from "./evidence";
import { ranked } from "./ranked";
import { chance, opinions, sentence } from "./words";

const [LARGE, SMALL] = [196, 132];
const NARROW = 1200; // of the window, in pixels

export function Current({ row }: { row: number }): JSX.Element {
  return (
    <article class="labels-current" id="labels-current" data-row={row} aria-label={`Image ${row}`}>
      <header>
        <Thumb
          row={row}
          size={window.innerWidth < NARROW ? SMALL : LARGE}
          alt={`image ${row}, ${labelOf(row)}`}
        />
        <div class="labels-judge">
          <Head row={row} />
          <Buttons row={row} />
          <Another />
          <Note row={row} />
        </div>
      </header>
      {!blind.value && <EvidenceOf row={row} />}
      {blind.value && (
        <p class="quiet">
          A second opinion: the label, what is suggested and the evidence are hidden until you have decided
          about the images without them.
        </p>
      )}
    </article>
  );
}

function Head({ row }: { row: number }): JSX.Element {
  const found = ranked.value;
  const place = found?.places[row] ?? -1;
  const classes = dataset.value?.classes ?? [];
  const given = className(classes[found && place >= 0 ? (found.given[place] as number) : -1]);
  const before = labelOf(row);
  const record = decided.value.get(row);
  const title = blind.value ? "What is this?" : `Labelled ${place < 0 ? before : given}`;
  return (
    <>
      <h2>
        <bdi>{title}</bdi>
        {suggestion.value !== null && !blind.value && (
          <span>
            , suggested: <bdi>{className(suggestion.value)}</bdi>
          </span>
        )}
      </h2>
      <p class="quiet">
        #{row} <OwnId row={row} /> {splitOf(row)}
        {place >= 0 && ` · rank ${count(place + 1)}`}
        {place >= 0 &&
          !blind.value &&
          ` · the label has a probability of ${chance(found?.quality[place] ?? 0)}`}
        {place >= 0 && !blind.value && given !== before && ` · ${before} before it was corrected`}{" "}
        <button
          type="button"
          class="link"
          onClick={() => {
            showRow(row);
            look("map");
          }}
        >
          show on the map
        </button>
      </p>
      {record && !blind.value && (
        <p class="labels-decided" id="labels-decided">
          {sentence(record)} {opinions(record)}{" "}
          <button type="button" class="link" onClick={() => decide([row], "none")}>
            take back
          </button>
        </p>
      )}
    </>
  );
}

function Buttons({ row }: { row: number }): JSX.Element {
  const record = decided.value.get(row);
  const suggested = blind.value ? null : suggestion.value;
  const now = blind.value ? undefined : record?.decision;
  return (
    <fieldset class="labels-buttons">
      <legend class="unseen">Decide</legend>
      {suggested !== null && (
        <Button keys="S" id="relabel" pressed={now === "relabel"} onClick={takeSuggestion}>
          It is <bdi>{className(suggested)}</bdi>
        </Button>
      )}
      {!blind.value && (
        <Button keys="K" id="keep" pressed={now === "keep"} onClick={() => judge("keep")}>
          Keep <bdi>{labelOf(row)}</bdi>
        </Button>
      )}
      <Button keys="A" id="ambiguous" pressed={now === "ambiguous"} onClick={() => judge("ambiguous")}>
        Ambiguous
      </Button>
      <Button keys="X" id="exclude" pressed={now === "exclude"} onClick={() => judge("exclude")}>
        Leave out
      </Button>
      <Button keys="L" id="later" pressed={now === "later"} onClick={() => judge("later")}>
        Later
      </Button>
    </fieldset>
  );
}

interface ButtonProps {
  keys: string;
  id: string;
  pressed: boolean;
  onClick: () => void;
  children: JSX.Element | string | (JSX.Element | string)[];
}

function Button({ keys, id, pressed, onClick, children }: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      id={`labels-${id}`}
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      onClick={onClick}
    >
      <kbd>{keys}</kbd>
      <span>{children}</span>
    </button>
  );
}

/** Any other class: by its digit, or typed. */
function Another(): JSX.Element {
  const typed = useSignal("");
  const classes = dataset.value?.classes ?? [];
  const wanted = typed.value.trim().toLowerCase();
  const exact = classes.find((name) => name.toLowerCase() === wanted);
  const begins = classes.filter((name) => name.toLowerCase().startsWith(wanted));
  const meant = exact ?? (begins.length === 1 ? begins[0] : undefined);
  const wrong = wanted !== "" && meant === undefined && begins.length === 0;
  return (
    <form
      class="labels-another"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted === "" || meant === undefined) return;
        typed.value = "";
        (document.activeElement as HTMLElement | null)?.blur();
        judge("relabel", meant);
      }}
    >
      <label>
        <kbd>C</kbd>
        <span>
          {classes.length <= 10 && "or a digit: "}
          {blind.value ? "the class" : "another class"}
        </span>
        <input
          id="labels-class"
          list="labels-classes"
          autoComplete="off"
          spellcheck={false}
          value={typed.value}
          aria-invalid={wrong}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          onKeyDown={leaveOnEscape}
        />
      </label>
      <datalist id="labels-classes">
        {classes.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {wrong && <span class="wrong">There is no such class.</span>}
    </form>
  );
}

/** What is typed goes with the next decision; on one that was made, Enter adds it. */
function Note({ row }: { row: number }): JSX.Element {
  const record = decided.value.get(row);
  return (
    <label class="labels-note">
      <kbd>N</kbd>
      <span class="unseen">Note</span>
      <input
        id="labels-note"
        autoComplete="off"
        maxLength={10_000}
        placeholder={record ? "note; Enter saves it" : "note; it is saved with the decision"}
        value={note.value}
        onInput={(event) => {
          note.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          leaveOnEscape(event);
          if (event.key !== "Enter") return;
          event.currentTarget.blur();
          if (record && !blind.value && note.peek().trim() !== record.note)
            decide([row], record.decision, { label: record.label, note: note.peek().trim() });
        }}
      />
    </label>
  );
}

function leaveOnEscape(event: KeyboardEvent & { currentTarget: HTMLInputElement }): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  event.currentTarget.blur();
}
