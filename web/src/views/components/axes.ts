// Which two components are the axes, and from how many the kept image is put together again.

import { signal } from "@preact/signals";
import { inAddress } from "../../address";
import { act, inHistory } from "../../history";
import { dataset } from "../../state";

export type Way = "across" | "up";

/** Components, counted from 0, and how many of the leading ones an image is put together from. */
export interface Choice {
  across: number;
  up: number;
  kept: number;
}

const BEGIN: Choice = { across: 0, up: 1, kept: 20 };

export const choice = inHistory(signal<Choice>(BEGIN));

export function choose(next: Partial<Choice>, says: string): void {
  const now = choice.peek();
  const all = { ...now, ...next };
  if (all.across === now.across && all.up === now.up && all.kept === now.kept) return;
  act(says, () => {
    choice.value = all;
  });
}

/** A choice with what there is not brought to what there is. */
export function within(asked: Choice, count: number): Choice {
  const last = Math.max(0, count - 1);
  return {
    across: Math.min(asked.across, last),
    up: Math.min(asked.up, last),
    kept: Math.min(asked.kept, count),
  };
}

export const componentName = (index: number): string => `component ${index + 1}`;

/** Whether components are images: else they are shown as bars. */
export const asImages = (): boolean => dataset.value?.image_shape !== null;

inAddress("components", {
  write: () => {
    const { across, up, kept } = choice.value;
    const plain = across === BEGIN.across && up === BEGIN.up && kept === BEGIN.kept;
    return plain ? null : `${across + 1}_${up + 1}_${kept}`;
  },
  read: (text) => {
    const [across, up, kept] = text.split("_").map(Number);
    const whole = (value: number | undefined, least: number, or: number): number =>
      value !== undefined && Number.isInteger(value) && value >= least && value < 1000 ? value : or;
    choice.value = {
      across: whole(across, 1, BEGIN.across + 1) - 1,
      up: whole(up, 1, BEGIN.up + 1) - 1,
      kept: whole(kept, 0, BEGIN.kept),
    };
  },
});
