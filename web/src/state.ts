// One store of signals: what the page knows, and what this tab chose. Runs are shared by all tabs; the camera,
// the legend and what is pinned belong to this one.

import { computed, signal } from "@preact/signals";
import { inHistory } from "./history";
import type { Stage } from "./map/stage";
import type { ImageCache } from "./net/images";
import { drivenRun, type Known, NOTHING } from "./net/session";
import type { LinkState } from "./net/socket";
import type {
  AnnotationState,
  AskedRecord,
  DatasetRecord,
  MethodRecord,
  OpeningChanged,
  RankingRecord,
  RunRecord,
} from "./net/wire";

export interface Shown {
  run: number;
  step: number;
  cost: number;
}

export interface Notice {
  key: number;
  level: "info" | "warning" | "error";
  text: string;
}

export const dataset = signal<DatasetRecord | null>(null);
export const codes = signal<Uint16Array<ArrayBuffer>>(new Uint16Array());
export const images = signal<ImageCache | null>(null);
export const stage = signal<Stage | null>(null);
/** Beside other maps: the one that a hand or the keys were on last, which they pan, zoom and fit. */
export const inHand = signal<Stage | null>(null);

/** Every kind of map there is, as the app declares them. */
export const methods = signal<readonly MethodRecord[]>([]);

/** The last thing asked to start was refused: the option at fault, or "", and the sentence. */
export const refusal = signal<{ option: string; text: string } | null>(null);

/** The run that was cut off when the app ended the last time; null once it was started again or let go. */
export const unfinished = signal<AskedRecord | null>(null);

/** Where the decisions about the images stand; null before anybody looked at them. */
export const annotations = signal<AnnotationState | null>(null);
/** Where the ranking of the labels stands. */
export const ranking = signal<RankingRecord | null>(null);
/** A second opinion is asked for: nothing says which label an image has. */
export const labelsHidden = signal(false);

export const known = signal<Known>(NOTHING);
/** The run that a person picked to look at; null follows the newest. */
export const chosen = signal<number | null>(null);
/** The frame on the stage. */
export const shown = signal<Shown | null>(null);
/** The step of a frame that was seen before and is shown again; null while the newest is shown. */
export const recalled = signal<number | null>(null);
/** Counts the draws, for whatever stands above the canvas. */
export const drawn = signal(0);

/** How many points the last draw took: fewer than n while something moves on a slow machine. */
export const pointsDrawn = signal(0);

export const hidden = inHistory(signal<ReadonlySet<number>>(new Set()));
export const spotlight = signal<number | null>(null);
export const hovered = signal<number | null>(null);
export const pinned = inHistory(signal<number | null>(null));
export const autoFit = signal(true);

/** A value for each row to colour the dots by, on a scale from `low` to `high`, in place of the classes. */
export interface PointValues {
  name: string; // as people read it: "neighbours kept"
  values: Float32Array;
  low: number;
  high: number;
  /** Where the values are codes: what each stands for, from 0 on. */
  names?: readonly string[];
}
export const pointValues = signal<PointValues | null>(null);

export const link = signal<LinkState>({ kind: "connecting" });
/** Another data set that is on its way in, asked for by this tab or by another. */
export const opening = signal<OpeningChanged | null>(null);
export const notices = signal<readonly Notice[]>([]);
export const fatal = signal<string | null>(null);
export const helpOpen = signal(false);
/** In a narrow window: whether the panel is drawn over the stage. */
export const panelOpen = signal(false);

/** The run that play, step and reset speak to. */
export const driven = computed<RunRecord | undefined>(() => drivenRun(known.value, chosen.value));

export const shownRun = computed<RunRecord | undefined>(() =>
  known.value.runs.find((run) => run.id === shown.value?.run),
);

const READ_MS = 12_000;
let lastKey = 0;

/** Say something in the message line; errors stay until they are dismissed. */
export function tell(level: Notice["level"], text: string): void {
  if (notices.value.some((notice) => notice.text === text)) return;
  lastKey += 1;
  const key = lastKey;
  notices.value = [...notices.value.slice(-2), { key, level, text }];
  if (level !== "error") setTimeout(() => dismiss(key), READ_MS);
}

export function dismiss(key: number): void {
  notices.value = notices.value.filter((notice) => notice.key !== key);
}

/** A class as people see it; the empty name stands for rows whose label is missing. */
export const className = (name: string | undefined): string => name || "no label";

export function labelOf(row: number): string {
  if (labelsHidden.value) return "label hidden";
  const code = codes.value[row];
  return className(code === undefined ? undefined : dataset.value?.classes[code]);
}

/** What the rows are: images, or plain rows of values. */
export const rowsNoun = computed(() => (dataset.value?.image_shape ? "images" : "rows"));

export function splitOf(row: number): string {
  let first = 0;
  for (const split of dataset.value?.splits ?? []) {
    const start = split.start ?? first;
    if (row >= start && row < start + split.count) return split.name;
    first = start + split.count;
  }
  return "";
}
