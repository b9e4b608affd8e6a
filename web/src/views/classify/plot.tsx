// The ground of the small charts: a square of shares with lines and their numbers.

import type { ComponentChildren, JSX } from "preact";

export interface Frame {
  x(value: number): number;
  y(value: number): number;
}

const LEFT = 60; // the numbers, and the title beside them
const BOTTOM = 40;
const TOP = 8;
const RIGHT = 24;

interface PlotProps {
  width: number;
  height: number;
  /** the lines of both axes and what stands beside them */
  across: readonly (readonly [number, string])[];
  up: readonly (readonly [number, string])[];
  titles: readonly [string, string];
  /** the ends of the axis up */
  range?: readonly [number, number];
  says: string;
  id: string;
  children: (frame: Frame) => ComponentChildren;
}

/** Places across go from 0 to 1, those up through the range. */
export function Plot(props: PlotProps): JSX.Element {
  const { width, height, across, up, titles, says, id } = props;
  const [low, high] = props.range ?? [0, 1];
  const frame: Frame = {
    x: (value) => LEFT + (width - LEFT - RIGHT) * value,
    y: (value) => height - BOTTOM - ((height - TOP - BOTTOM) * (value - low)) / (high - low),
  };
  return (
    <svg class="plot" id={id} width={width} height={height} role="img" aria-label={says}>
      {up.map(([value, text]) => (
        <g key={text}>
          <line class="rule" x1={LEFT} x2={width - RIGHT} y1={frame.y(value)} y2={frame.y(value)} />
          <text x={LEFT - 6} y={frame.y(value) + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      {across.map(([value, text]) => (
        <text key={text} x={frame.x(value)} y={height - BOTTOM + 16} text-anchor="middle">
          {text}
        </text>
      ))}
      <text class="title" x={(LEFT + width - RIGHT) / 2} y={height - 4} text-anchor="middle">
        {titles[0]}
      </text>
      <text
        class="title"
        transform={`translate(11 ${(TOP + height - BOTTOM) / 2}) rotate(-90)`}
        text-anchor="middle"
      >
        {titles[1]}
      </text>
      {props.children(frame)}
    </svg>
  );
}

/** 0 to 1 in steps of a fifth. */
export const SHARES: readonly (readonly [number, string])[] = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => [
  value,
  `${Math.round(100 * value)} %`,
]);
