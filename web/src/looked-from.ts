// Which map is looked at and from where, as a part of the history: a step for each gesture of the camera and for each map
// that a person goes to. A map that forms and is kept whole is no step.

import { effect, signal } from "@preact/signals";
import { alsoInHistory, remember, type Step } from "./history";
import type { Stand } from "./map/framing";
import { sameOrientation } from "./map/view";
import { chosen, known, shown, stage } from "./state";
import { look, MAP } from "./views/registry";

interface Place {
  run: number | undefined;
  /** null: the whole map */
  stand: Stand | null;
}

/** Where the camera is to stand once that run is shown. */
const awaited = signal<Place | null>(null);
let show: (run: number) => void = () => undefined;

/** Have the history go to runs in that way. */
export function startLookingFrom(showRun: (run: number) => void): void {
  show = showRun;
  alsoInHistory({ take: place, put: go, same });
  effect(() => {
    const goal = awaited.value;
    if (!goal || goal.run !== shown.value?.run) return;
    awaited.value = null;
    if (goal.stand) stage.peek()?.framing.standAt(goal.stand);
  });
}

function place(): Place {
  const waiting = awaited.peek();
  if (waiting) return waiting;
  const run = chosen.peek() ?? known.peek().runs.at(-1)?.id;
  const here = run === shown.peek()?.run;
  return { run, stand: here ? (stage.peek()?.framing.stand ?? null) : null };
}

function go(to: Place): void {
  const here = shown.peek()?.run;
  awaited.value = null;
  if (to.run === undefined || !known.peek().runs.some((run) => run.id === to.run)) return;
  if (to.run !== place().run) show(to.run);
  if (to.run !== here) awaited.value = to;
  else if (to.stand) stage.peek()?.framing.standAt(to.stand);
}

function same(one: Place, other: Place): boolean {
  if (one.run !== other.run || !one.stand || !other.stand)
    return one.run === other.run && one.stand === other.stand;
  const [a, b] = [one.stand, other.stand];
  if (a.fitting !== b.fitting) return false;
  const stands = a.fitting || (a.x === b.x && a.y === b.y && a.z === b.z && a.zoom === b.zoom);
  return stands && sameOrientation(a, b);
}

/**
 * From here on something changes which map is looked at, or from where: a step that brings back how it is now. Where it
 * led to is known when it is undone. It is undone on the map, where one sees it.
 */
export function aboutToMove(says: string): Step | null {
  const before = place();
  let after = before;
  if (before.run === undefined) return null;
  const step: Step = {
    says,
    undo: () => {
      after = place();
      look(MAP);
      go(before);
      return undefined;
    },
    redo: () => {
      look(MAP);
      go(after);
      return undefined;
    },
  };
  remember(step);
  return step;
}

/** The run that is looked at, or is going to be once it has a map. */
export const runLookedAt = (): number | undefined => place().run;

/** What the history still waited for is over: a person went elsewhere. */
export function goElsewhere(): void {
  awaited.value = null;
}
