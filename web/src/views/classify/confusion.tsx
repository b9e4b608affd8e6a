// What is taken for what: a square of cells, each of which selects its images in every view; beside it what precision,
// recall and F1 make of it.

import type { JSX } from "preact";
import { count } from "../../format";
import { usePicture } from "../../picture/offer";
import { howOf, select } from "../../selection";
import { className, rowsNoun } from "../../state";
import { dark } from "../../theme";
import { matrixPicture } from "./picture";
import { cell as chosen, type Judgement, rates } from "./state";
import { type Cell, isDeep, rowsOf, shade } from "./verdicts";
import { percent, tenth } from "./words";

const MOST = 30; // classes a side

export function Matrix({ of }: { of: Judgement }): JSX.Element {
  const { judged } = of;
  const taken = judged.classes.map((_, b) => judged.matrix.reduce((sum, line) => sum + (line[b] ?? 0), 0));
  const present = [...judged.classes.keys()].filter(
    (code) => (judged.scores[code]?.support ?? 0) + (taken[code] ?? 0) > 0,
  );
  const shown = present.slice(0, MOST);
  usePicture(["png", "svg"], () => matrixPicture(judged, shown));
  return (
    <div class="matrix-part">
      <div class="matrix-side">
        <Switch />
        <Square of={of} shown={shown} taken={taken} />
        {present.length > MOST && (
          <p class="quiet">
            The first {MOST} of {count(present.length)} classes.
          </p>
        )}
        <p class="quiet" id="matrix-says">
          {percent(judged.accuracy)} of {count(judged.n)} test {rowsNoun} right ({percent(judged.low)} to{" "}
          {percent(judged.high)} at 95 %). A cell, or the name of a class, selects its {rowsNoun} in every
          view.
        </p>
      </div>
      <Scores of={of} shown={shown} />
    </div>
  );
}

function Switch(): JSX.Element {
  return (
    <fieldset class="switch">
      <legend class="unseen">What the cells say</legend>
      {[false, true].map((share) => (
        <label key={String(share)}>
          <input
            class="unseen"
            type="radio"
            name="rates"
            checked={rates.value === share}
            onChange={() => {
              rates.value = share;
            }}
          />
          {share ? "rates" : "counts"}
        </label>
      ))}
    </fieldset>
  );
}

function Square({
  of,
  shown,
  taken,
}: {
  of: Judgement;
  shown: readonly number[];
  taken: readonly number[];
}): JSX.Element {
  const { judged } = of;
  const name = (code: number): string => className(judged.classes[code]);
  const size = shown.length > 14 ? "small" : "";
  return (
    <table class={`matrix ${size}`} id="matrix" onKeyDown={walk}>
      <caption class="unseen">Given classes down, predicted ones across</caption>
      <thead>
        <tr>
          <td />
          <th scope="colgroup" colSpan={shown.length} class="matrix-title">
            taken for
          </th>
        </tr>
        <tr>
          <th scope="col" class="matrix-title">
            class
          </th>
          {shown.map((b) => (
            <th key={b} scope="col">
              <Pick
                of={of}
                cell={{ given: null, predicted: b }}
                says={`all ${count(taken[b] ?? 0)} taken for ${name(b)}`}
              >
                <bdi>{name(b)}</bdi>
              </Pick>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((a) => (
          <tr key={a}>
            <th scope="row">
              <Pick
                of={of}
                cell={{ given: a, predicted: null }}
                says={`all ${count(judged.scores[a]?.support ?? 0)} of ${name(a)}`}
              >
                <bdi>{name(a)}</bdi>
              </Pick>
            </th>
            {shown.map((b) => (
              <Count key={b} of={of} a={a} b={b} says={`${name(a)} taken for ${name(b)}`} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Count({ of, a, b, says }: { of: Judgement; a: number; b: number; says: string }): JSX.Element {
  const many = of.judged.matrix[a]?.[b] ?? 0;
  const total = of.judged.scores[a]?.support ?? 0;
  const share = total > 0 ? many / total : 0;
  const depth = shade(share);
  return (
    <td class={isDeep(share) ? "deep" : ""} style={{ background: inkOf(depth, a === b) }} data-count={many}>
      <Pick
        of={of}
        cell={{ given: a, predicted: b }}
        says={`${says}: ${count(many)} of ${count(total)}, ${tenth(share)}`}
      >
        {many === 0 ? "" : rates.value ? rateText(share) : count(many)}
      </Pick>
    </td>
  );
}

export const rateText = (share: number): string => {
  const value = 100 * share;
  return value >= 99.95 ? "100" : value >= 10 ? value.toFixed(0) : value.toFixed(1);
};

/** Blue for what is right, red for what is not: the deeper, the greater the share of the class. */
export function inkOf(depth: number, right: boolean): string {
  if (depth === 0) return "transparent";
  const of = right ? (dark.value ? "50 106 186" : "18 92 178") : dark.value ? "190 72 60" : "190 40 30";
  return `rgb(${of} / ${depth.toFixed(3)})`;
}

function Pick(props: { of: Judgement; cell: Cell; says: string; children: unknown }): JSX.Element {
  const { of, cell, says } = props;
  const now = chosen.value;
  const mine = now?.given === cell.given && now?.predicted === cell.predicted;
  const first = cell.given === null && cell.predicted === firstOf(of);
  return (
    <button
      type="button"
      aria-label={says}
      aria-pressed={mine}
      title={says}
      tabIndex={mine || (now === null && first) ? 0 : -1}
      onClick={(event) => pick(of, cell, says, event)}
    >
      {props.children as string}
    </button>
  );
}

const firstOf = ({ judged }: Judgement): number => judged.scores.findIndex((score) => score.support > 0);

function pick(of: Judgement, cell: Cell, says: string, event: MouseEvent): void {
  chosen.value = cell;
  select(rowsOf(of.verdicts, cell), howOf(event), says);
}

/** The arrow keys go from cell to cell. */
function walk(event: KeyboardEvent): void {
  const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
  const here = (event.target as HTMLElement).closest("td, th") as HTMLTableCellElement | null;
  const line = here?.parentElement as HTMLTableRowElement | null;
  const lines = here?.closest("table")?.rows;
  if (!step || !here || !line || !lines) return;
  event.preventDefault();
  const next = lines[line.rowIndex + (step[1] as number)]?.cells[here.cellIndex + (step[0] as number)];
  next?.querySelector("button")?.focus();
}

function Scores({ of, shown }: { of: Judgement; shown: readonly number[] }): JSX.Element {
  return (
    <table class="scores" id="scores">
      <thead>
        <tr>
          <th scope="col">class</th>
          <th scope="col" title="Of the rows taken for the class, the share that are right">
            precision
          </th>
          <th scope="col" title="Of the rows of the class, the share that are found">
            recall
          </th>
          <th scope="col" title="The harmonic mean of both">
            F1
          </th>
          <th scope="col">rows</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((code) => {
          const score = of.judged.scores[code];
          return (
            <tr key={code}>
              <th scope="row">
                <bdi>{className(of.judged.classes[code])}</bdi>
              </th>
              {[score?.precision, score?.recall, score?.f1].map((value, at) => (
                <td key={`${at}`}>{(value ?? 0).toFixed(4)}</td>
              ))}
              <td>{count(score?.support ?? 0)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
