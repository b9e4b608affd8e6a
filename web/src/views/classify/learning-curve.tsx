// What more training rows are worth: the same kind trained on ever more of them.

import type { JSX } from "preact";
import { count, duration } from "../../format";
import type { CurvePoint, ModelRecord } from "../../net/wire";
import { rowsNoun, tell } from "../../state";
import { act } from "./api";
import { Plot } from "./plot";
import { percent } from "./words";

const WIDTH = 440;
const HEIGHT = 300;

export function LearningCurve({ model }: { model: ModelRecord }): JSX.Element {
  if (model.curve.length === 0) return <Ask model={model} />;
  const points = model.curve;
  const last = points.at(-1) as CurvePoint;
  const before = points.at(-2);
  const least = Math.min(...points.map((point) => point.accuracy_low));
  const low = Math.floor(10 * least) / 10;
  const across = (n: number): number =>
    Math.log(n / (points[0]?.n_train ?? 1)) / Math.log(last.n_train / (points[0]?.n_train ?? 1) || Math.E) ||
    0;
  const step = low < 0.6 ? 0.1 : 0.05;
  const up = Array.from({ length: Math.round((1 - low) / step) + 1 }, (_, i): [number, string] => [
    low + i * step,
    `${Math.round(100 * (low + i * step))} %`,
  ]);
  const line = (
    of: "accuracy" | "train_accuracy",
    x: (n: number) => number,
    y: (n: number) => number,
  ): string => points.map((point) => `${x(across(point.n_train))},${y(point[of])}`).join(" ");
  return (
    <div class="plots">
      <Plot
        id="learning-curve"
        width={WIDTH}
        height={HEIGHT}
        across={points.map((point) => [across(point.n_train), count(point.n_train)])}
        up={up}
        range={[low, 1]}
        titles={["training rows, each step twice as many", ""]}
        says={points.map((point) => `${count(point.n_train)}: ${percent(point.accuracy)}`).join(", ")}
      >
        {({ x, y }) => (
          <>
            <polygon
              class="band"
              points={[
                ...points.map((point) => `${x(across(point.n_train))},${y(point.accuracy_low)}`),
                ...[...points]
                  .reverse()
                  .map((point) => `${x(across(point.n_train))},${y(point.accuracy_high)}`),
              ].join(" ")}
            />
            <polyline class="on-training" points={line("train_accuracy", x, y)} />
            <polyline class="on-test" points={line("accuracy", x, y)} />
            {points.map((point) => (
              <circle
                key={point.n_train}
                class="on-test"
                cx={x(across(point.n_train))}
                cy={y(point.accuracy)}
                r={3.5}
              >
                <title>{`${count(point.n_train)} training rows: ${percent(point.accuracy)} (${percent(point.accuracy_low)} to ${percent(point.accuracy_high)}), ${percent(point.train_accuracy)} on its own`}</title>
              </circle>
            ))}
          </>
        )}
      </Plot>
      <div class="plot-says" id="curve-says">
        <h3>What more rows are worth</h3>
        {before && (
          <p>
            The last doubling, to {count(last.n_train)} {rowsNoun}, brought{" "}
            <b>{(100 * (last.accuracy - before.accuracy)).toFixed(2)} points</b> on the test rows.
          </p>
        )}
        <p class="quiet">
          <span class="key on-test" /> on the test rows, with its 95 % interval
          <br />
          <span class="key on-training" /> on the rows it was trained on
        </p>
        <p class="quiet">
          Where the two lines meet, more rows will not help this kind: another kind, or other values, may.
          Where they are far apart, it learns its rows by heart.
        </p>
      </div>
    </div>
  );
}

function Ask({ model }: { model: ModelRecord }): JSX.Element {
  const ask = (verb: "curve" | "stop"): void => {
    act(model.id, verb).catch((error: Error) => tell("error", error.message));
  };
  return (
    <div class="ask-curve">
      <p class="quiet">
        Eight models of this kind, each trained on twice as many rows as the one before, the last on all{" "}
        {count(model.facts?.n_train ?? 0)}: about as long as two fits like this one.
      </p>
      {model.curving ? (
        <p>
          <progress aria-label="How far the learning curve is" />{" "}
          <span class="quiet">
            {model.curving}
            {model.seconds_left !== null && ` · ${duration(model.seconds_left)} left`}
          </span>{" "}
          <button type="button" id="stop-curve" onClick={() => ask("stop")}>
            Stop
          </button>
        </p>
      ) : (
        <button type="button" class="primary" id="ask-curve" onClick={() => ask("curve")}>
          Measure
        </button>
      )}
    </div>
  );
}
