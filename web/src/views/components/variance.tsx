// How much of the variance the components keep: a bar for each, and what they keep together as a line.

import type { JSX } from "preact";
import type { Components } from "../../explorer/api";
import { count } from "../../format";
import { choice, within } from "./axes";

const WIDTH = 278;
const HEIGHT = 96;
const LEFT = 36;
const BOTTOM = 18;
const TOP = 4;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function VarianceCurve({ space, p }: { space: Components; p: number }): JSX.Element {
  const { across, up, kept } = within(choice.value, space.count);
  let sum = 0;
  const together = space.shares.map((share) => {
    sum += share;
    return sum;
  });
  const step = (WIDTH - LEFT) / Math.max(1, space.count);
  const height = HEIGHT - TOP - BOTTOM;
  const y = (share: number): number => TOP + height * (1 - Math.min(1, share));
  const line = together.map((share, c) => `${LEFT + (c + 1) * step},${y(share)}`).join(" ");
  const keptShare = kept === 0 ? 0 : (together[kept - 1] ?? 0);
  return (
    <figure class="variance" id="variance">
      <figcaption>
        <h3>Variance kept</h3>
        <span class="quiet">
          {kept} of {count(p)} components keep {percent(keptShare)}
        </span>
      </figcaption>
      <svg
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={`The first component keeps ${percent(together[0] ?? 0)}, all ${space.count} found keep ${percent(sum)}.`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="rule" x1={LEFT} x2={WIDTH} y1={y(share)} y2={y(share)} />
            <text x={LEFT - 4} y={y(share) + 4} text-anchor="end">
              {100 * share} %
            </text>
          </g>
        ))}
        {space.shares.map((share, c) => (
          <rect
            key={`${c}`}
            class={c === across || c === up ? "bar chosen" : "bar"}
            x={LEFT + (c + 0.15) * step}
            width={0.7 * step}
            y={y(share)}
            height={HEIGHT - BOTTOM - y(share)}
          >
            <title>
              component {c + 1}: {percent(share)}, together {percent(together[c] ?? 0)}
            </title>
          </rect>
        ))}
        <polyline points={`${LEFT},${y(0)} ${line}`} />
        {kept > 0 && <circle cx={LEFT + kept * step} cy={y(keptShare)} r={4} />}
        <text x={LEFT} y={HEIGHT - 4}>
          1
        </text>
        <text x={WIDTH} y={HEIGHT - 4} text-anchor="end">
          {space.count}
        </text>
      </svg>
    </figure>
  );
}
