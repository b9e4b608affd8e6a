// The weights of a component of plain vectors: a bar for each value, below zero in red and above in blue.

import type { JSX } from "preact";
import { largest } from "../../explorer/colours";

interface BarsProps {
  weights: Float32Array;
  size: number;
  label: string;
}

const MOST = 400; // bars; a picture of more shows nothing of any

export function Bars({ weights, size, label }: BarsProps): JSX.Element {
  const shown = weights.subarray(0, MOST);
  const most = largest(shown) || 1;
  const height = Math.round(0.62 * size);
  const step = size / shown.length;
  return (
    <svg class="weight-bars" width={size} height={height} role="img" aria-label={`${label}: its weights`}>
      <line x1={0} x2={size} y1={height / 2} y2={height / 2} />
      {Array.from(shown, (weight, i) => {
        const long = (Math.abs(weight) / most) * (height / 2 - 2);
        return (
          <rect
            key={`${i}`}
            class={weight < 0 ? "below" : "above"}
            x={i * step + 0.1 * step}
            width={Math.max(0.5, 0.8 * step)}
            y={weight < 0 ? height / 2 : height / 2 - long}
            height={long}
          >
            <title>
              value {i}: {weight.toFixed(3)}
            </title>
          </rect>
        );
      })}
    </svg>
  );
}
