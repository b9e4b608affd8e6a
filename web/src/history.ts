// What a person did, so that it can be undone: at most 100 steps, of what the page shows and of what is decided alike.

import { batch, computed, type Signal, signal } from "@preact/signals";

export interface Step {
  says: string; // "hid class 3": what undoing it would undo
  undo(): void;
  redo(): void;
}

const MOST = 100;

const past = signal<readonly Step[]>([]);
const future = signal<readonly Step[]>([]);
const kept: Signal<unknown>[] = [];

export const canUndo = computed(() => past.value.at(-1)?.says ?? null);
export const canRedo = computed(() => future.value.at(-1)?.says ?? null);

/** From here on `act` remembers what this signal held. Its values are replaced, never changed in place. */
export function inHistory<T>(state: Signal<T>): Signal<T> {
  kept.push(state as Signal<unknown>);
  return state;
}

/** Do something to the signals that are in the history, as one step. One that changes nothing is none. */
export function act(says: string, change: () => void): void {
  const before = kept.map((state) => state.peek());
  batch(change);
  const after = kept.map((state) => state.peek());
  if (before.every((value, i) => Object.is(value, after[i]))) return;
  const put = (values: readonly unknown[]): void =>
    batch(() =>
      kept.forEach((state, i) => {
        state.value = values[i];
      }),
    );
  remember({ says, undo: () => put(before), redo: () => put(after) });
}

/** Something was done that undoes itself in its own way. */
export function remember(step: Step): void {
  past.value = [...past.value.slice(1 - MOST), step];
  future.value = [];
}

export function undo(): void {
  const step = past.value.at(-1);
  if (!step) return;
  past.value = past.value.slice(0, -1);
  future.value = [...future.value, step];
  step.undo();
}

export function redo(): void {
  const step = future.value.at(-1);
  if (!step) return;
  future.value = future.value.slice(0, -1);
  past.value = [...past.value, step];
  step.redo();
}

/** Forget everything: other data are open now. */
export function forget(): void {
  past.value = [];
  future.value = [];
}
