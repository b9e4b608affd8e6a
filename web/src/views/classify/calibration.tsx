// Whether of what a model says with 80 % confidence 80 % is right.

import type { JSX } from "preact";
import { count } from "../../format";
import { rowsNoun } from "../../state";
import { Plot, SHARES } from "./plot";
import type { Judgement } from "./state";
import { tenth } from "./words";

const SIDE = 380;

export function Calibration({ of }: { of: Judgement }): JSX.Element {
  const { calibration: bins, error, n } = of.judged;
  return (
    <div class="plots">
      <Plot
        id="calibration"
        width={SIDE + 20}
        height={SIDE}
        across={SHARES}
        up={SHARES}
        titles={["confidence", "share that is right"]}
        says={`Calibration: on average ${tenth(error)} between confidence and accuracy.`}
      >
        {({ x, y }) => (
          <>
            <line class="ideal" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
            {bins.map((bin) => (
              <g key={bin.low} class="calibration-bin">
                <title>
                  {`Of ${count(bin.count)} ${rowsNoun.value} with ${tenth(bin.low)} to ${tenth(bin.high)} confidence, ${tenth(bin.accuracy)} are right (${tenth(bin.accuracy_low)} to ${tenth(bin.accuracy_high)} at 95 %)`}
                </title>
                <line
                  x1={x(bin.confidence)}
                  x2={x(bin.confidence)}
                  y1={y(bin.accuracy_low)}
                  y2={y(bin.accuracy_high)}
                />
                <circle cx={x(bin.confidence)} cy={y(bin.accuracy)} r={3 + 9 * Math.sqrt(bin.count / n)} />
              </g>
            ))}
          </>
        )}
      </Plot>
      <div class="plot-says">
        <h3>How much its confidence means</h3>
        <p id="calibration-says">
          Confidence and accuracy are <b>{tenth(error)}</b> apart on average, over {count(n)} test {rowsNoun}.
        </p>
        <p class="quiet">
          A dot stands for the {rowsNoun} whose confidence lies in one tenth; the larger, the more of them.
          Below the line the model is surer than it is right, above it the other way round. The bars are 95 %
          intervals.
        </p>
        <p class="quiet">
          Kinds without probabilities of their own (hinge loss, nearest centroid) have the softmax of their
          scores over one temperature, fitted to the training rows.
        </p>
      </div>
    </div>
  );
}
