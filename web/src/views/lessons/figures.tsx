// The figures of the lessons, each with what can be moved in it.

import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { count } from "../../format";
import { features, seed, simulation, startDrawing, threshold } from "./state";
import { curve, logit, products, scales, sigmoid } from "./sums";

const FRAME = { width: 560, height: 300, left: 44, right: 12, top: 12, bottom: 40 };
const MOST = 10;
const MOST_COMPONENTS = 100;

export const FIGURES: Readonly<Record<string, ComponentType>> = {
  sigmoid: Sigmoid,
  threshold: Threshold,
  products: Products,
};

function Axes({ across, up, most }: { across: string; up: string; most: number }): JSX.Element {
  const { x, y } = scales(FRAME, most);
  const ticks = [-1, -0.5, 0, 0.5, 1].map((share) => share * most);
  return (
    <g class="axes">
      {[0, 0.5, 1].map((value) => (
        <g key={value}>
          <line class={value === 0.5 ? "half" : ""} x1={x(-most)} x2={x(most)} y1={y(value)} y2={y(value)} />
          <text x={x(-most) - 8} y={y(value) + 4} text-anchor="end">
            {value}
          </text>
        </g>
      ))}
      {ticks.map((value) => (
        <text key={value} x={x(value)} y={y(0) + 16} text-anchor="middle">
          {Number(value.toPrecision(2))}
        </text>
      ))}
      <text class="name" x={x(0)} y={FRAME.height - 6} text-anchor="middle">
        {across}
      </text>
      <text class="name" transform={`translate(12 ${y(0.5)}) rotate(-90)`} text-anchor="middle">
        {up}
      </text>
    </g>
  );
}

interface SliderProps {
  id: string;
  label: string;
  low: number;
  high: number;
  step: number;
  value: number;
  shown: string;
  onValue: (value: number) => void;
}

function Slider({ id, label, low, high, step, value, shown, onValue }: SliderProps): JSX.Element {
  return (
    <label class="lesson-slider" for={id}>
      <span>{label}</span>
      <input
        type="range"
        id={id}
        min={low}
        max={high}
        step={step}
        value={value}
        onInput={(event) => onValue(Number(event.currentTarget.value))}
      />
      <output for={id}>{shown}</output>
    </label>
  );
}

/** D5. */
function Sigmoid(): JSX.Element {
  const input = useSignal(1.5);
  const at = input.value;
  const { x, y } = scales(FRAME, MOST);
  return (
    <figure class="lesson-figure">
      <svg viewBox={`0 0 ${FRAME.width} ${FRAME.height}`} role="img" aria-label="The curve of the sigmoid">
        <Axes across="input x" up="output, a probability" most={MOST} />
        <path class="curve" d={curve(FRAME, MOST)} />
        {[at, -at].map((value, i) => (
          <g key={i === 0 ? "own" : "other"} class={i === 0 ? "point" : "point other"}>
            <path d={`M${x(value)} ${y(0)}V${y(sigmoid(value))}H${x(-MOST)}`} />
            <circle cx={x(value)} cy={y(sigmoid(value))} r={5} />
          </g>
        ))}
      </svg>
      <Slider
        id="sigmoid-input"
        label="x"
        low={-MOST}
        high={MOST}
        step={0.1}
        value={at}
        shown={at.toFixed(1)}
        onValue={(value) => {
          input.value = value;
        }}
      />
      <figcaption id="sigmoid-says">
        σ({at.toFixed(1)}) = <b>{sigmoid(at).toFixed(4)}</b>, and σ({(-at).toFixed(1)}) ={" "}
        {sigmoid(-at).toFixed(4)}: together 1.
      </figcaption>
    </figure>
  );
}

/** D6, D7. */
function Threshold(): JSX.Element {
  useEffect(startDrawing, []);
  const z = simulation.value?.z ?? [];
  const most = Math.max(6, Math.ceil(Math.max(0, ...z.map(Math.abs))));
  const { x, y } = scales(FRAME, most);
  const bar = threshold.value;
  const ones = z.filter((sum) => sigmoid(sum) >= bar).length;
  const edge = Math.min(most, Math.max(-most, logit(bar)));
  return (
    <figure class="lesson-figure">
      <svg
        viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
        role="img"
        id="simulation"
        data-ones={ones}
        data-samples={z.length}
        aria-label={`${z.length} samples on the curve of the sigmoid, ${ones} of them at or above the threshold`}
      >
        <Axes across="z = w · x + b" up="σ(z), a probability" most={most} />
        <path class="curve" d={curve(FRAME, most)} />
        {z.map((sum, i) => (
          <circle
            key={`${i}`}
            class={sigmoid(sum) >= bar ? "sample one" : "sample"}
            cx={x(sum)}
            cy={y(sigmoid(sum))}
            r={4}
          />
        ))}
        <path class="bar" d={`M${x(-most)} ${y(bar)}H${x(most)}M${x(edge)} ${y(0)}V${y(1)}`} />
      </svg>
      <Slider
        id="threshold"
        label="threshold"
        low={0.01}
        high={0.99}
        step={0.01}
        value={bar}
        shown={bar.toFixed(2)}
        onValue={(value) => {
          threshold.value = value;
        }}
      />
      <Slider
        id="features"
        label="features"
        low={1}
        high={10}
        step={1}
        value={features.value}
        shown={String(features.value)}
        onValue={(value) => {
          features.value = value;
        }}
      />
      <Slider
        id="lesson-seed"
        label="seed"
        low={0}
        high={20}
        step={1}
        value={seed.value}
        shown={String(seed.value)}
        onValue={(value) => {
          seed.value = value;
        }}
      />
      <figcaption id="threshold-says">
        {z.length === 0 ? (
          "The samples are being drawn…"
        ) : (
          <>
            <b>
              {ones} of {count(z.length)}
            </b>{" "}
            samples are called 1: those with z of at least {logit(bar).toFixed(2)}.
          </>
        )}
      </figcaption>
    </figure>
  );
}

/** D15. */
function Products(): JSX.Element {
  const components = useSignal(30);
  const n = components.value;
  const side = 180;
  const cell = side / MOST_COMPONENTS;
  return (
    <figure class="lesson-figure">
      <div class="lesson-pair">
        <svg
          viewBox={`0 0 ${side} ${side}`}
          width={side}
          height={side}
          role="img"
          aria-label="The pairs of components"
        >
          <rect class="ground" width={side} height={side} />
          <path class="pairs" d={`M0 0H${n * cell}V${n * cell}Z`} />
        </svg>
        <figcaption id="products-says">
          {n} components give <b>{count(products(n))}</b> values: the {n} themselves, and{" "}
          {count(products(n) - n)} products, one for each pair, each with itself among them. A weight for each
          of these and ten classes makes {count(10 * (products(n) + 1))} numbers to learn.
        </figcaption>
      </div>
      <Slider
        id="components"
        label="components"
        low={1}
        high={MOST_COMPONENTS}
        step={1}
        value={n}
        shown={String(n)}
        onValue={(value) => {
          components.value = value;
        }}
      />
    </figure>
  );
}
