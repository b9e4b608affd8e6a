// The line that a hand draws round dots, closed as it would be now.

import type { JSX } from "preact";
import type { Point } from "../map/view";
import type { How } from "../selection";

export interface Drawn {
  line: readonly Point[];
  how: How;
}

export const NO_LINE: Drawn = { line: [], how: "replace" };

export function LassoLine({ line, how }: Drawn): JSX.Element | null {
  if (line.length < 2) return null;
  const points = line.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return (
    <svg class={`lasso ${how}`} aria-hidden="true">
      <polygon points={points} />
    </svg>
  );
}
