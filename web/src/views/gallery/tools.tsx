// What a person chooses in the gallery: which rows, in which order, how large.

import type { JSX } from "preact";
import { columns } from "../../columns";
import { count } from "../../format";
import { selected } from "../../selection";
import { className, dataset, rowsNoun } from "../../state";
import { Icon } from "../../ui/icons";
import { type Choice, type Mode, START } from "./choice";
import { nearest } from "./grid";
import { choice, choose, ends, sizes, wantedSize } from "./shown";

const MODES: Record<Mode, string> = { all: "all", first: "the first", each: "random of each class" };
const MOST_ASKED = 1_000_000;
const EACH = 10;

export function Tools(): JSX.Element {
  return (
    <div class="gallery-tools" role="toolbar" aria-label="What the gallery shows">
      <Which />
      <Sorting />
      <Grouping />
      <Only />
      <Size />
    </div>
  );
}

function Which(): JSX.Element {
  const { mode, count: many, seed, of } = choice.value;
  const classes = dataset.value?.classes ?? [];
  const modes = classes.length > 0 ? (["all", "first", "each"] as const) : (["all", "first"] as const);
  const onMode = (next: Mode): void => {
    const part: Partial<Choice> = { mode: next, count: next === "each" ? EACH : START.count };
    if (next === "each" && choice.value.group === "") part.group = "label";
    if (next !== "each" && mode === "each" && choice.value.group === "label") part.group = "";
    choose(part, `gallery: ${MODES[next]}`);
  };
  return (
    <div class="gallery-field">
      <label for="gallery-mode">Show</label>
      <select id="gallery-mode" value={mode} onChange={(event) => onMode(event.currentTarget.value as Mode)}>
        {modes.map((each) => (
          <option key={each} value={each}>
            {MODES[each]}
          </option>
        ))}
      </select>
      {mode !== "all" && (
        <input
          id="gallery-count"
          type="number"
          aria-label="How many"
          min={1}
          max={MOST_ASKED}
          value={many}
          onChange={(event) => {
            const asked = Math.round(event.currentTarget.valueAsNumber);
            if (asked >= 1 && asked <= MOST_ASKED) choose({ count: asked }, `gallery: ${count(asked)}`);
            else event.currentTarget.value = String(choice.value.count);
          }}
        />
      )}
      {mode === "each" && (
        <button
          type="button"
          id="gallery-seed"
          title={`Others at random; these are of seed ${seed}`}
          aria-label={`Others at random; these are of seed ${seed}`}
          onClick={() => choose({ seed: seed + 1 }, "gallery: others at random")}
        >
          <Icon name="dice" />
        </button>
      )}
      {mode !== "each" && classes.length > 1 && (
        <select
          id="gallery-class"
          aria-label="Class"
          value={of ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            choose({ of: value === "" ? null : Number(value) }, "gallery: class");
          }}
        >
          <option value="">of any class</option>
          {classes.map((name, code) => (
            <option key={name} value={code}>
              of {className(name)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function Sorting(): JSX.Element {
  const { sort, down } = choice.value;
  return (
    <div class="gallery-field">
      <label for="gallery-sort">Sort by</label>
      <select
        id="gallery-sort"
        value={sort}
        onChange={(event) => {
          const id = event.currentTarget.value;
          choose({ sort: id }, id === "" ? "unsorted" : `sorted by ${id}`);
        }}
      >
        <option value="">nothing</option>
        {columns.value.map((column) => (
          <option key={column.id} value={column.id} title={column.says}>
            {column.title}
          </option>
        ))}
      </select>
      {sort !== "" && (
        <button
          type="button"
          id="gallery-down"
          title={`Now: ${ends(sort, down)}`}
          aria-label={`Turn the order over; now: ${ends(sort, down)}`}
          aria-pressed={down}
          onClick={() => choose({ down: !down }, "order turned over")}
        >
          <Icon name={down ? "downward" : "up"} />
        </button>
      )}
    </div>
  );
}

function Grouping(): JSX.Element {
  const { group } = choice.value;
  const useful = columns.value.filter((column) => !["row", "id", "instance"].includes(column.id));
  return (
    <div class="gallery-field">
      <label for="gallery-group">Group by</label>
      <select
        id="gallery-group"
        value={group}
        onChange={(event) => {
          const id = event.currentTarget.value;
          choose({ group: id }, id === "" ? "ungrouped" : `grouped by ${id}`);
        }}
      >
        <option value="">nothing</option>
        {useful.map((column) => (
          <option key={column.id} value={column.id} title={column.says}>
            {column.title}
          </option>
        ))}
      </select>
    </div>
  );
}

function Only(): JSX.Element {
  const { only } = choice.value;
  const many = selected.value.length;
  return (
    <label class="gallery-only" title={`Only the ${rowsNoun.value} that are selected`}>
      <input
        id="gallery-only"
        type="checkbox"
        checked={only}
        disabled={many === 0 && !only}
        onChange={() => choose({ only: !only }, only ? "gallery: all" : "gallery: only the selection")}
      />
      only the selection
    </label>
  );
}

function Size(): JSX.Element {
  const list = sizes.value;
  const now = nearest(list, wantedSize.value);
  return (
    <label class="gallery-size" title={`${now} px`}>
      <span>Size</span>
      <input
        id="gallery-size"
        type="range"
        min={0}
        max={list.length - 1}
        step={1}
        value={list.indexOf(now)}
        aria-valuetext={`${now} pixels`}
        disabled={list.length < 2}
        onInput={(event) => {
          wantedSize.value = list[event.currentTarget.valueAsNumber] ?? wantedSize.value;
        }}
      />
    </label>
  );
}
