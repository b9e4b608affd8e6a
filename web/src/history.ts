// What a person did, so that it can be undone: at most 100 steps, of what the page shows and of what is decided alike.

import { batch, computed, type Signal, signal } from "@preact/signals";

export interface Step {
  says: string; // "hid class 3": what undoing it would undo
  /** One that takes a while says in the end whether it happened; where it did not, the step stays where it was. */
  undo(): undefined | Promise<boolean>;
  redo(): undefined | Promise<boolean>;
  /** What it changes is known only once it is done: until then the next undo or redo waits for it. */
  inTurn?: boolean;
}

const MOST = 100;

/** Something that steps bring back: how it is now, and how to have it as it was. */
interface Kept<T> {
  take(): T;
  put(value: T): void;
  same(one: T, other: T): boolean;
}

const past = signal<readonly Step[]>([]);
const future = signal<readonly Step[]>([]);
const kept: Kept<unknown>[] = [];
/** What is undone or done again in its turn. */
let underway: Promise<boolean> | null = null;

/** What could be undone and redone that this page did not do itself: before it was loaded, or in another tab. */
export const older = signal<Step | null>(null);
export const newer = signal<Step | null>(null);

const toUndo = computed(() => past.value.at(-1) ?? older.value);
const toRedo = computed(() => future.value.at(-1) ?? newer.value);

export const canUndo = computed(() => toUndo.value?.says ?? null);
export const canRedo = computed(() => toRedo.value?.says ?? null);

/** From here on `act` remembers what this signal held. Its values are replaced, never changed in place. */
export function inHistory<T>(state: Signal<T>): Signal<T> {
  alsoInHistory({
    take: () => state.peek(),
    put: (value: T) => {
      state.value = value;
    },
    same: Object.is,
  });
  return state;
}

/** The same of what is no signal. */
export function alsoInHistory<T>(one: Kept<T>): void {
  kept.push(one as Kept<unknown>);
}

/** Do something to what is in the history, as one step, which brings back no more than it changed; no change is none. */
export function act(says: string, change: () => void): void {
  const before = kept.map((one) => one.take());
  batch(change);
  const changed = kept.flatMap((one, i) => {
    const [was, is] = [before[i], one.take()];
    return one.same(was, is) ? [] : [{ one, was, is }];
  });
  if (changed.length === 0) return;
  const put = (which: "was" | "is"): undefined => {
    batch(() => {
      for (const each of changed) each.one.put(each[which]);
    });
  };
  remember({ says, undo: () => put("was"), redo: () => put("is") });
}

/** Something was done that undoes itself in its own way. */
export function remember(step: Step): void {
  past.value = [...past.value.slice(1 - MOST), step];
  future.value = [];
}

/** That step did not happen after all. */
export function retract(step: Step): void {
  past.value = without(past.value, step);
  future.value = without(future.value, step);
}

const without = (steps: readonly Step[], step: Step): readonly Step[] =>
  steps.filter((other) => other !== step);

export function undo(): void {
  if (underway) return void underway.then(undo);
  const step = toUndo.value;
  if (!step) return;
  const mine = past.value.includes(step);
  past.value = without(past.value, step);
  future.value = [...future.value, step];
  settled(step, step.undo(), () => {
    future.value = without(future.value, step);
    if (mine) past.value = [...past.value, step];
  });
}

export function redo(): void {
  if (underway) return void underway.then(redo);
  const step = toRedo.value;
  if (!step) return;
  const mine = future.value.includes(step);
  future.value = without(future.value, step);
  past.value = [...past.value, step];
  settled(step, step.redo(), () => {
    past.value = without(past.value, step);
    if (mine) future.value = [...future.value, step];
  });
}

function settled(step: Step, outcome: undefined | Promise<boolean>, putBack: () => void): void {
  if (!outcome) return;
  const whole = outcome.then((happened) => {
    if (underway === whole) underway = null;
    if (!happened) putBack();
    return happened;
  });
  if (step.inTurn) underway = whole;
}

/** Forget everything: other data are open now. */
export function forget(): void {
  past.value = [];
  future.value = [];
}
