// The maps that are kept: each with what makes it different, a sketch and two numbers; to be looked at, named, laid beside
// the one that is shown, and deleted.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { meaningOf } from "../explain";
import { cost, duration } from "../format";
import {
  differences,
  exactlyWhen,
  keptMaps,
  keptName,
  keptOf,
  remove,
  rename,
  said,
  whenMade,
} from "../kept";
import { lookAtKept, start } from "../live";
import type { KeptRecord } from "../net/wire";
import { shownRun } from "../state";
import { compareWith } from "../views/compare/state";
import { Icon } from "./icons";
import { Sketch } from "./sketch";

const FEW = 5;
const MEASURES = [
  { name: "recall@15", says: "recall" },
  { name: "trustworthiness", says: "trust." },
];

const all = signal(false);
/** The map whose name and actions are open. */
const opened = signal<string | null>(null);

export function KeptMaps(): JSX.Element | null {
  const maps = keptMaps.value;
  if (maps.length === 0) return null;
  const listed = all.value ? maps : maps.slice(0, FEW);
  return (
    <section class="kept" aria-label="Kept maps">
      <h3>Kept maps</h3>
      <table id="kept-maps">
        <thead>
          <tr>
            <th scope="col" colSpan={2}>
              <span class="unseen">Map</span>
            </th>
            {MEASURES.map(({ name, says }) => (
              <th key={name} scope="col" title={`${name}: ${meaningOf(name)}`}>
                {says}
              </th>
            ))}
            <th scope="col">
              <span class="unseen">More</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map((map) => (
            <Row key={map.id} map={map} />
          ))}
        </tbody>
      </table>
      {maps.length > FEW && (
        <button
          type="button"
          class="link"
          id="kept-all"
          aria-expanded={all.value}
          onClick={() => {
            all.value = !all.value;
          }}
        >
          {all.value ? "Fewer maps" : `All ${maps.length} maps`}
        </button>
      )}
    </section>
  );
}

function Row({ map }: { map: KeptRecord }): JSX.Element {
  const shown = shownRun.value?.kept === map.id;
  const open = opened.value === map.id;
  const facts = [
    ...(map.name === "" ? [] : [map.dim === 3 ? `${map.title} 3-D` : map.title]),
    ...differences(map),
    whenMade(map.made),
    duration(map.seconds).replaceAll(" ", "\u00a0"), // in one piece
  ];
  return (
    <>
      <tr data-map={map.id} class={shown ? "shown" : ""}>
        <td class="kept-sketch">
          <Sketch map={map} />
        </td>
        <td>
          <button
            type="button"
            class="link kept-name"
            aria-current={shown ? "true" : undefined}
            title={`Made ${exactlyWhen(map.made)} in ${duration(map.seconds)}, by snowdome ${map.versions.snowdome ?? ""}`}
            onClick={() => said(lookAtKept(map.id))}
          >
            <bdi>{keptName(map)}</bdi>
          </button>
          <p class="quiet">{facts.join(" · ")}</p>
        </td>
        {MEASURES.map(({ name }) => (
          <td key={name} class="kept-score">
            {scoreOf(map, name)}
          </td>
        ))}
        <td>
          <button
            type="button"
            class="plain kept-more"
            aria-label={`Name, compare or delete ${keptName(map)}`}
            title="Name, compare, delete"
            aria-expanded={open}
            onClick={() => {
              opened.value = open ? null : map.id;
            }}
          >
            <Icon name="more" />
          </button>
        </td>
      </tr>
      {open && (
        <tr class="kept-open">
          <td colSpan={5}>
            <Actions map={map} shown={shown} />
          </td>
        </tr>
      )}
    </>
  );
}

function scoreOf(map: KeptRecord, name: string): string {
  const value = map.scores.find((score) => score.name === name)?.value;
  return value === null || value === undefined ? "–" : cost(value);
}

function Actions({ map, shown }: { map: KeptRecord; shown: boolean }): JSX.Element {
  const [name, setName] = useState(map.name);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const close = (): void => {
    if (opened.peek() === map.id) opened.value = null; // by now those of another one may be open
  };
  const save = (event: Event): void => {
    event.preventDefault();
    said(rename(map, name).then(close));
  };
  return (
    <form
      class="kept-actions"
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <input
        ref={field}
        type="text"
        class="kept-field"
        aria-label="Name"
        placeholder="Name this map"
        maxLength={80}
        autoComplete="off"
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" disabled={name.trim() === map.name}>
        Name
      </button>
      <button
        type="button"
        class="kept-compare"
        title={shown ? "Lay it beside the map before" : "Lay it beside the map that is shown"}
        onClick={() => said(compareWith(map.id))}
      >
        Compare
      </button>
      <button
        type="button"
        class="kept-delete"
        title="Delete it; Ctrl-Z brings it back"
        onClick={() => said(remove(map).then(close))}
      >
        Delete
      </button>
    </form>
  );
}

/** Says that the map that is shown was not made now, and how to make it again. */
export function KeptNote(): JSX.Element | null {
  const run = shownRun.value;
  if (!run?.reused) return null;
  const map = keptOf(run);
  return (
    <p class="kept-note quiet" id="kept-note">
      A kept map{map ? `, made ${exactlyWhen(map.made)} in ${duration(map.seconds)}` : ""}: the same data,
      method, options, seed and version.{" "}
      <button
        type="button"
        class="link"
        id="run-again"
        onClick={() => start(run.method, run.seed ?? 0, run.options)}
      >
        Run it again
      </button>
    </p>
  );
}
