// The list: of many lines only those in sight stand in the page.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { decided } from "../../decisions";
import { count } from "../../format";
import { className, dataset, labelOf } from "../../state";
import { Thumb } from "../../ui/thumb";
import {
  at,
  blind,
  choose,
  chooseList,
  current,
  findings,
  judged,
  LISTS,
  type ListId,
  list,
  listed,
  SHOWN,
  type Shown,
  shown,
} from "./choice";
import { details, issues, ranked } from "./ranked";
import { badge, chance, LIST_NAMES, SHOWN_NAMES } from "./words";

const LINE = 52; // pixels; list.css knows it too
const MORE = 4; // lines above and below those in sight

export function List(): JSX.Element {
  return (
    <section class="labels-list" aria-label="Images to look at">
      <Heads />
      {list.value !== "classes" && <Lines />}
    </section>
  );
}

function Heads(): JSX.Element {
  return (
    <div class="labels-heads">
      <select
        id="labels-list-of"
        aria-label="List"
        value={list.value}
        onChange={(event) => chooseList(event.currentTarget.value as ListId)}
      >
        {LISTS.map((id) => (
          <option key={id} value={id}>
            {LIST_NAMES[id]}
            {totalOf(id)}
          </option>
        ))}
      </select>
      {list.value === "suspects" && (
        <select
          id="labels-shown"
          aria-label="Which of them"
          value={shown.value}
          onChange={(event) => {
            shown.value = event.currentTarget.value as Shown;
          }}
        >
          {SHOWN.map((id) => (
            <option key={id} value={id}>
              {SHOWN_NAMES[id]}
              {id === "issues" && ` (${count(issues.value)})`}
              {id === "all" && ` (${count(ranked.value?.rows.length ?? 0)})`}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function totalOf(id: ListId): string {
  if (id === "suspects" || id === "classes" || !details.value) return "";
  return ` (${count(details.value[id].total)})`;
}

function Lines(): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const tall = useSignal(0);
  const rows = listed.value;
  const here = at.value;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => {
      tall.value = element.clientHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  // The current one is kept in sight, with the next below it.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || here < 0) return;
    const above = here * LINE;
    if (above < element.scrollTop) element.scrollTop = above;
    else if (above + 2 * LINE > element.scrollTop + element.clientHeight)
      element.scrollTop = above + 2 * LINE - element.clientHeight;
  }, [here, tall.value, rows.length]);
  const first = Math.max(0, Math.floor(top.value / LINE) - MORE);
  const last = Math.min(rows.length, Math.ceil((top.value + tall.value) / LINE) + MORE);
  if (list.value !== "suspects" && !details.value) {
    return <p class="labels-wait quiet">Looking for them among all images…</p>;
  }
  return (
    <div
      class="labels-lines"
      id="labels-lines"
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={LIST_NAMES[list.value]}
      aria-activedescendant={here >= first && here < last ? `labels-line-${here}` : undefined}
      data-count={rows.length}
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
      }}
    >
      <div style={{ height: `${rows.length * LINE}px` }} role="presentation">
        {Array.from({ length: Math.max(0, last - first) }, (_, i) => (
          <Line key={first + i} place={first + i} current={first + i === here} />
        ))}
      </div>
    </div>
  );
}

function Line({ place, current: isCurrent }: { place: number; current: boolean }): JSX.Element | null {
  const row = listed.value[place];
  if (row === undefined) return null;
  const suspect = list.value === "suspects";
  const record = decided.value.get(row);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the view move through the list
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names the line
    <div
      class="labels-line"
      id={`labels-line-${place}`}
      role="option"
      aria-selected={isCurrent}
      data-row={row}
      style={{ transform: `translateY(${place * LINE}px)` }}
      onClick={() => choose(row)}
    >
      {suspect ? <Thumb row={row} size={40} alt={labelOf(row)} /> : <Pictures place={place} />}
      <span class="labels-what">{suspect ? <Suspect row={row} /> : <Odd place={place} />}</span>
      {record && !blind.value && <span class="labels-badge">{badge(record)}</span>}
      {blind.value && judged(row) && <span class="labels-badge">done</span>}
    </div>
  );
}

function Suspect({ row }: { row: number }): JSX.Element | null {
  const found = ranked.value;
  const place = found?.places[row] ?? -1;
  if (!found || place < 0) return null;
  const classes = dataset.value?.classes ?? [];
  const name = (code: number | undefined): string => className(classes[code ?? -1]);
  const given = name(found.given[place]);
  const suggested = name(found.suggested[place]);
  if (blind.value) return <b>#{row}</b>;
  return (
    <>
      <b>
        <bdi>{given}</bdi>
        {suggested !== given && (
          <>
            {" "}
            <i aria-hidden="true">→</i>
            <span class="unseen">, suggested:</span> <bdi>{suggested}</bdi>
          </>
        )}
      </b>
      <small>
        #{row} · {chance(found.quality[place] ?? 0)}
        {found.issue[place] === 1 && (
          <i class="dot labels-doubt" role="img" aria-label="probably wrong" title="probably wrong" />
        )}
      </small>
    </>
  );
}

function Pictures({ place }: { place: number }): JSX.Element {
  return (
    <>
      {findings.value[place]?.rows.map((row) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys go from one of a pair to the other
        // biome-ignore lint/a11y/noStaticElementInteractions: as above
        <span
          key={row}
          class={row === current.value ? "labels-picture current" : "labels-picture"}
          title={`#${row}, ${labelOf(row)}`}
          onClick={(event) => {
            event.stopPropagation();
            choose(row);
          }}
        >
          <Thumb row={row} size={36} alt={`image ${row}, ${labelOf(row)}`} />
        </span>
      ))}
    </>
  );
}

function Odd({ place }: { place: number }): JSX.Element | null {
  const one = findings.value[place];
  if (!one) return null;
  if (blind.value) return <small>{one.rows.map((row) => `#${row}`).join(", ")}</small>;
  return (
    <>
      <b class={one.marked ? "labels-marked" : ""}>{one.rows.map(labelOf).join(" and ")}</b>
      <small title={one.says}>{one.says}</small>
    </>
  );
}
