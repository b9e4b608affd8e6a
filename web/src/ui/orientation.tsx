// Which way a 3-D map is turned, as three small axes, and, until somebody has done it once, how to turn it.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { eyeOf } from "../map/view";
import { drawn, stage } from "../state";

const KEY = "snowdome.turned";
const LENGTH = 20;
const MIDDLE = 30;

const turnedOnce = signal(known());

function known(): boolean {
  try {
    return window.localStorage.getItem(KEY) !== null;
  } catch {
    return false; // storage is switched off: then it is said once for each page
  }
}

/** Somebody turned the map: how to do so need not be said again. */
export function onTurned(): void {
  if (turnedOnce.value) return;
  turnedOnce.value = true;
  try {
    window.localStorage.setItem(KEY, "yes");
  } catch {
    return; // as above
  }
}

export function Orientation(): JSX.Element | null {
  const view = drawn.value > 0 ? stage.value?.view : undefined;
  if (view?.dim !== 3) return null;
  const { right, up, toward } = eyeOf(view);
  const axes = ["x", "y", "z"].map((name, axis) => ({
    name,
    x: MIDDLE + LENGTH * (right[axis] as number),
    y: MIDDLE - LENGTH * (up[axis] as number),
    near: toward[axis] as number,
  }));
  axes.sort((a, b) => a.near - b.near); // the farthest first
  return (
    <div class="orientation" id="orientation">
      {!turnedOnce.value && <p>Drag rotates, right-drag pans, the wheel zooms, a double click resets.</p>}
      <svg viewBox="0 0 60 60" aria-hidden="true">
        {axes.map(({ name, x, y, near }) => (
          <g key={name} opacity={0.7 + 0.3 * near}>
            <line x1={MIDDLE} y1={MIDDLE} x2={x} y2={y} />
            <text x={MIDDLE + 1.32 * (x - MIDDLE)} y={MIDDLE + 1.32 * (y - MIDDLE)}>
              {name}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
