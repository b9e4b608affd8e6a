// The table of what is shown: sorted by any column; of many lines only those in sight stand in the page.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { count } from "../../format";
import type { TableColumn, TableRecord } from "../../net/wire";
import { howOf, selectedFlags } from "../../selection";
import { className, dataset, pinned } from "../../state";
import { Icon } from "../../ui/icons";
import { follow, hover, type Meant } from "./marks";
import { type Cell, cellText, ordered, type Sorting, turned } from "./order";

const LINE = 24; // pixels; style/summaries.css knows it too
const MORE = 8; // lines above and below those in sight
const SEEN = 12; // before the height is known

export function Table({ table }: { table: TableRecord }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const sorting = useSignal<Sorting | null>(null);
  const lines = useMemo(() => ordered(table, sorting.value), [table, sorting.value]);
  const seen = Math.ceil((scroller.current?.clientHeight || SEEN * LINE) / LINE);
  const first = Math.max(0, Math.min(Math.floor(top.value / LINE) - MORE, lines.length - seen));
  const shown = lines.subarray(first, first + seen + 2 * MORE);
  return (
    <section class="table" aria-label="Table">
      <div
        class="table-scroll"
        id="table"
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        tabIndex={0}
        onScroll={(event) => {
          top.value = event.currentTarget.scrollTop;
        }}
      >
        <table aria-rowcount={lines.length + 1}>
          <thead>
            <tr>
              {table.columns.map((column, at) => (
                <Head key={column.name} column={column} at={at} sorting={sorting.value} onSort={sort} />
              ))}
            </tr>
          </thead>
          <tbody>
            <Gap lines={first} columns={table.columns.length} />
            {[...shown].map((line, i) => (
              <tr
                key={line}
                aria-rowindex={first + i + 2}
                data-line={line}
                data-selected={isSelected(table, line) || undefined}
              >
                {table.columns.map((column, at) => (
                  <Value key={column.name} column={column} value={table.values[at]?.[line] ?? null} />
                ))}
              </tr>
            ))}
            <Gap lines={lines.length - first - shown.length} columns={table.columns.length} />
          </tbody>
        </table>
      </div>
      {lines.length < table.rows && (
        <p class="quiet">
          The first {count(lines.length)} of {count(table.rows)} lines; the file has them all.
        </p>
      )}
    </section>
  );

  function sort(column: number): void {
    sorting.value = turned(sorting.peek(), column);
    scroller.current?.scrollTo({ top: 0 });
  }
}

/** The room of the lines that are not in sight. */
function Gap({ lines, columns }: { lines: number; columns: number }): JSX.Element | null {
  if (lines <= 0) return null;
  return (
    <tr>
      <td class="gap" colSpan={columns} style={{ height: `${lines * LINE}px` }} />
    </tr>
  );
}

interface HeadProps {
  column: TableColumn;
  at: number;
  sorting: Sorting | null;
  onSort: (column: number) => void;
}

function Head({ column, at, sorting, onSort }: HeadProps): JSX.Element {
  const mine = sorting?.column === at ? sorting : null;
  return (
    <th scope="col" class={column.kind} aria-sort={mine ? (mine.down ? "descending" : "ascending") : "none"}>
      <button type="button" class="plain" onClick={() => onSort(at)}>
        {column.name.replaceAll("_", " ")}
        {mine && <Icon name={mine.down ? "downward" : "up"} />}
      </button>
    </th>
  );
}

/** A cell; one that names a row or a class leads to it. */
function Value({ column, value }: { column: TableColumn; value: Cell }): JSX.Element {
  const text = cellText(value, column, dataset.value?.classes ?? []);
  const meant = meantHere(column, value);
  if (!meant) return <td class={column.kind}>{text}</td>;
  const row = "row" in meant ? meant.row : null;
  return (
    <td class={column.kind}>
      <button
        type="button"
        class="link"
        aria-pressed={row === null ? undefined : pinned.value === row}
        title={row === null ? `Select all of ${className(text)}` : `Keep image ${row} in the panel`}
        onClick={(event) => follow(meant, howOf(event))}
        onPointerEnter={() => hover(meant)}
        onPointerLeave={() => hover(null)}
      >
        <bdi>{text}</bdi>
      </button>
    </td>
  );
}

/** Whether a line tells of an image that is selected. */
const isSelected = (table: TableRecord, line: number): boolean =>
  table.columns.some((column, at) => {
    const meant = meantHere(column, table.values[at]?.[line] ?? null);
    return meant !== null && "row" in meant && selectedFlags.value[meant.row] === 1;
  });

function meantHere(column: TableColumn, value: Cell): Meant | null {
  if (typeof value !== "number" || column.names === "") return null;
  return column.names === "rows" ? { row: value - 1 } : { codes: [value] };
}
