// The search field of the header: goes to an image by its number, id or label, and holds the filters as chips.

import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { columnOf, columns, columnValues } from "../columns";
import {
  addFilter,
  type Condition,
  conditionText,
  failing,
  filters,
  lookedAt,
  pending,
  rangeText,
  removeFilter,
  written,
} from "../filter";
import { count } from "../format";
import { byKey, focusSearch } from "../keys";
import { ask } from "../net/api";
import { type Suggestion, suggestions } from "../search";
import { showRow } from "../show";
import { className, dataset, labelOf, rowsNoun, tell } from "../state";
import { Icon } from "./icons";
import { classCss } from "./swatch";
import { Thumb } from "./thumb";

const typed = signal("");
const open = signal(false);
const active = signal(0);
const ids = signal<readonly { row: number; id: string }[]>([]);

const PAUSE_MS = 120; // of typing, before the app is asked for ids
let asking: number | undefined;

const offered = computed<Suggestion[]>(() => {
  const facts = dataset.value;
  if (!facts || !open.value) return [];
  return suggestions(typed.value, {
    n: facts.n,
    classes: facts.classes.map(className),
    columns: columns.value,
    ids: ids.value,
    namesOf: (id) => {
      const values = columnValues(id).value;
      return values?.kind === "name" ? values.names : [];
    },
  });
});

function type(text: string): void {
  typed.value = text;
  active.value = 0;
  open.value = true;
  ids.value = [];
  window.clearTimeout(asking);
  const wanted = text.trim();
  if (!dataset.value?.has_ids || wanted === "" || /[<>=~]/.test(wanted)) return;
  asking = window.setTimeout(() => {
    ask(`./api/find?${new URLSearchParams({ text: wanted })}`)
      .then((answer) => answer.json())
      .then((found: { row: number; id: string }[]) => {
        if (typed.value.trim() === wanted) ids.value = found;
      })
      .catch((error: Error) => tell("warning", error.message));
  }, PAUSE_MS);
}

function reset(): void {
  typed.value = "";
  ids.value = [];
  active.value = 0;
  open.value = false;
}

function take(suggestion: Suggestion | undefined): void {
  switch (suggestion?.kind) {
    case "row":
      showRow(suggestion.row);
      reset();
      break;
    case "filter":
      addFilter(suggestion.condition);
      reset();
      break;
    case "complete":
      type(suggestion.text);
      break;
    default:
  }
}

function onKey(event: KeyboardEvent & { currentTarget: HTMLInputElement }): void {
  const list = offered.value;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && list.length > 0) active.value = (active.value + step + list.length) % list.length;
  else if (event.key === "Enter") take(list[active.value]);
  else if (event.key === "Escape") {
    if (typed.value === "") event.currentTarget.blur();
    reset();
  } else if (event.key === "Backspace" && typed.value === "") {
    const last = filters.value.at(-1);
    if (!last) return;
    removeFilter(last);
  } else return;
  event.preventDefault();
}

export function Search(): JSX.Element | null {
  const field = useRef<HTMLInputElement>(null);
  if (!dataset.value) return null;
  const list = offered.value;
  return (
    <search class="search">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the text is one into the field */}
      <div
        class="search-field"
        onMouseDown={(event) => {
          if (event.target !== event.currentTarget) return;
          event.preventDefault();
          field.current?.focus();
        }}
      >
        <Icon name="search" />
        <div class="chips" id="filters">
          {filters.value.map((condition) => (
            <Chip key={written(condition)} condition={condition} />
          ))}
        </div>
        <input
          id="search"
          ref={field}
          type="text"
          role="combobox"
          aria-label="Search and filter"
          aria-autocomplete="list"
          aria-expanded={list.length > 0}
          aria-controls="search-list"
          aria-activedescendant={list.length > 0 ? `search-${active.value}` : undefined}
          autoComplete="off"
          spellcheck={false}
          placeholder={filters.value.length === 0 ? "number, label, or distance > 60" : "and …"}
          title="Search (/)"
          value={typed.value}
          onInput={(event) => type(event.currentTarget.value)}
          onFocus={() => {
            open.value = true;
          }}
          onBlur={() => {
            open.value = false;
          }}
          onKeyDown={onKey}
        />
        {filters.value.length > 0 && (
          <span class="search-count" id="filtered">
            {pending.value.length > 0
              ? `finding ${pending.value.map(({ column }) => columnOf(column)?.title).join(", ")}`
              : `${count(lookedAt.value)} of ${count(dataset.value.n)}`}
          </span>
        )}
      </div>
      {list.length > 0 && (
        <div class="search-list" id="search-list" role="listbox" aria-label="Suggestions">
          {list.map((suggestion, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and names the option
            <div
              key={i}
              id={`search-${i}`}
              role="option"
              aria-selected={i === active.value}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => {
                active.value = i;
              }}
              onClick={() => take(suggestion)}
            >
              <Says suggestion={suggestion} />
            </div>
          ))}
        </div>
      )}
    </search>
  );
}

function Chip({ condition }: { condition: Condition }): JSX.Element {
  const text = conditionText(condition);
  return (
    <span class="chip">
      <bdi>{text}</bdi>
      <button
        type="button"
        class="plain"
        aria-label={`Remove the filter ${text}`}
        title="Remove this filter"
        onClick={(event) => {
          removeFilter(condition);
          if (byKey(event)) focusSearch();
        }}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

function Says({ suggestion }: { suggestion: Suggestion }): JSX.Element {
  switch (suggestion.kind) {
    case "row":
      return (
        <>
          <Thumb row={suggestion.row} size={28} alt="" />
          <span>
            #{suggestion.row} <bdi class="quiet">{suggestion.id}</bdi>
          </span>
          <small>
            <i class="dot" style={{ background: classCss(suggestion.row) }} />{" "}
            <bdi>{labelOf(suggestion.row)}</bdi>
          </small>
        </>
      );
    case "filter":
      return (
        <>
          <bdi>{conditionText(suggestion.condition)}</bdi>
          <small>{howMany(suggestion.condition)}</small>
        </>
      );
    case "complete":
      return (
        <>
          <span>{suggestion.text}…</span>
          <small>{suggestion.column.says}</small>
        </>
      );
    default:
      return <span class="quiet">{suggestion.says}</span>;
  }
}

/** How many rows a condition would leave, once the values are here. */
function howMany(condition: Condition): string {
  const values = columnValues(condition.column).value;
  if (!values) return `finding ${columnOf(condition.column)?.title} …`;
  let left = 0;
  for (const out of failing(condition, values)) left += 1 - out;
  const range = values.kind === "number" ? `; ${valueRange(condition.column)}` : "";
  return `${count(left)} ${rowsNoun.value}${range}`;
}

const valueRange = (id: string): string => {
  const values = columnValues(id).value;
  return values ? `it goes from ${rangeText(values)}` : "";
};
