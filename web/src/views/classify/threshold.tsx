// One class against the rest: what moves when the threshold of its probability moves.

import type { JSX } from "preact";
import { useLoaded } from "../../explorer/use-loaded";
import { count } from "../../format";
import type { ThresholdsRecord } from "../../net/wire";
import { className, rowsNoun } from "../../state";
import { fetchThresholds } from "./api";
import { Plot, SHARES } from "./plot";
import { type Judgement, threshold } from "./state";
import { tenth } from "./words";

const WIDTH = 440;
const HEIGHT = 300;
const LINES = ["precision", "recall", "f1"] as const;

export function Threshold({ of }: { of: Judgement }): JSX.Element {
  const present = [...of.judged.classes.keys()].filter((code) => (of.judged.scores[code]?.support ?? 0) > 0);
  const code = present.includes(threshold.value.code) ? threshold.value.code : (present[0] ?? 0);
  const table = useLoaded(
    async () => ({ code, model: of.model, ...(await fetchThresholds(of.model, code)) }),
    [of.model, code],
  );
  const name = className(of.judged.classes[code]);
  const step = Math.round(100 * threshold.value.at);
  return (
    <div class="plots">
      <div>
        <label class="field threshold-class">
          <span>class against the rest</span>
          <select
            id="threshold-class"
            value={code}
            onChange={(event) => {
              threshold.value = { ...threshold.value, code: Number(event.currentTarget.value) };
            }}
          >
            {present.map((each) => (
              <option key={each} value={each}>
                {className(of.judged.classes[each])}
              </option>
            ))}
          </select>
        </label>
        {table && <Lines table={table} step={step} />}
        <label class="threshold-slider">
          <span class="quiet">threshold</span>
          <input
            id="threshold"
            type="range"
            min={0}
            max={100}
            value={step}
            aria-valuetext={`${name} from a probability of ${step} % on`}
            onInput={(event) => {
              threshold.value = { code, at: event.currentTarget.valueAsNumber / 100 };
            }}
          />
          <output>{(step / 100).toFixed(2)}</output>
        </label>
      </div>
      {table?.code === code && <Counts table={table} step={step} name={name} />}
    </div>
  );
}

function Lines({ table, step }: { table: ThresholdsRecord; step: number }): JSX.Element {
  return (
    <Plot
      id="threshold-lines"
      width={WIDTH}
      height={HEIGHT}
      across={SHARES}
      up={SHARES}
      titles={["threshold of the probability", ""]}
      says="Precision, recall and F1 for every threshold."
    >
      {({ x, y }) => (
        <>
          <line class="at" x1={x(step / 100)} x2={x(step / 100)} y1={y(0)} y2={y(1)} />
          {LINES.map((line) => (
            <g key={line} class={`line-${line}`}>
              <polyline
                points={table.threshold.map((at, i) => `${x(at)},${y(table[line][i] ?? 0)}`).join(" ")}
              />
              <circle cx={x(step / 100)} cy={y(table[line][step] ?? 0)} r={4} />
            </g>
          ))}
        </>
      )}
    </Plot>
  );
}

function Counts({ table, step, name }: { table: ThresholdsRecord; step: number; name: string }): JSX.Element {
  const at = (values: readonly number[]): number => values[step] ?? 0;
  return (
    <div class="plot-says" id="threshold-counts" data-threshold={table.threshold[step]}>
      <h3>
        {name} from {(step / 100).toFixed(2)} on
      </h3>
      <table class="two-by-two">
        <thead>
          <tr>
            <td />
            <th scope="col">taken for {name}</th>
            <th scope="col">not</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{name}</th>
            <td class="good" data-cell="tp">
              {count(at(table.tp))}
            </td>
            <td class="bad" data-cell="fn">
              {count(at(table.fn))}
            </td>
          </tr>
          <tr>
            <th scope="row">others</th>
            <td class="bad" data-cell="fp">
              {count(at(table.fp))}
            </td>
            <td class="good" data-cell="tn">
              {count(at(table.tn))}
            </td>
          </tr>
        </tbody>
      </table>
      <dl class="facts">
        {LINES.map((line) => (
          <>
            <dt class={`line-${line}`}>
              <i aria-hidden="true" /> {line === "f1" ? "F1" : line}
            </dt>
            <dd data-score={line}>{at(table[line]).toFixed(4)}</dd>
          </>
        ))}
        <dt>right</dt>
        <dd>{tenth(at(table.accuracy))}</dd>
      </dl>
      <p class="quiet">
        A higher threshold takes fewer {rowsNoun} for the class: those it takes are more often right
        (precision), and more of its own are missed (recall). Which is worse depends on what follows from it.
      </p>
    </div>
  );
}
