// What is drawn, or the photo that is read, and what the app sees in it. Whatever is drawn is asked about at once: one
// question is on its way at a time, and the next one is about the newest ink.

import { computed, effect, signal, untracked } from "@preact/signals";
import { inAddress } from "../../address";
import { act, inHistory } from "../../history";
import { modelInUse } from "../../models";
import { ask } from "../../net/api";
import { isOver } from "../../net/session";
import type { HandwritingRecord, SeenRecord } from "../../net/wire";
import { dataset, shown, shownRun } from "../../state";
import { viewId } from "../registry";
import { draw, inkOf, read, SIDE, type Stroke, written } from "./strokes";

export const VIEW = "draw";
const FOLLOW_MS = 500;
const USUAL_WIDTH = 22; // of MNIST's pens, about, where a digit fills the sheet

export const brush = signal(USUAL_WIDTH);
export const strokes = inHistory(signal<readonly Stroke[]>([]));
/** The stroke under the pen; it is among the others when the pen is lifted. */
export const growing = signal<Stroke | null>(null);
export const all = computed<readonly Stroke[]>(() =>
  growing.value ? [...strokes.value, growing.value] : strokes.value,
);

export interface Photo {
  file: File;
  address: string; // of the picture, for this page
  read: HandwritingRecord;
  map: string; // that it was placed on
}
export const photo = signal<Photo | null>(null);
/** Which of the digits on the photo is looked at. */
export const digit = signal(0);
/** The name of the photo that is being read. */
export const reading = signal<string | null>(null);
export const problem = signal("");
/** The nearest training images are asked, and no model. */
export const nearestVote = signal(false);
/** The model that is asked; null: the nearest training images vote. */
export const reader = computed(() => (nearestVote.value ? null : modelInUse.value));

const drawn = signal<HandwritingRecord | null>(null);
/** How often the app has answered, and how many milliseconds the last answer took. */
export const answers = signal({ count: 0, ms: 0 });

/** What is shown beside the sheet or the photo. */
export const answer = computed<HandwritingRecord | null>(() => photo.value?.read ?? drawn.value);
export const seen = computed<SeenRecord | null>(
  () => answer.value?.digits[photo.value ? digit.value : 0] ?? null,
);

/** The map that is shown, and whether it is done: a place on it is worth as long. */
const map = computed(() => (shownRun.value ? `${shownRun.value.id} ${isOver(shownRun.value)}` : ""));

/** Whether the places that are known are on the map as it is now. */
export const placed = computed(() => !photo.value || photo.value.map === map.value);

const readAs = computed(() => !photo.value || photo.value.read.model === (reader.value?.id ?? ""));

/** Why nothing can be drawn among these data, or "". */
export const unfit = computed(() => {
  const facts = dataset.value;
  if (!facts || (facts.image_shape && facts.channels === 1)) return "";
  const what = facts.image_shape ? "images in colour" : "rows of plain values";
  return `A drawing is ink on paper: it needs grey images of one size. ${facts.name} has ${what}.`;
});

export function lift(): void {
  const stroke = growing.peek();
  growing.value = null;
  if (stroke) put([...strokes.peek(), stroke], "a stroke");
}

export const takeBack = (): void => put(strokes.peek().slice(0, -1), "a stroke taken back");
export const clear = (): void => put([], "the sheet cleared");

function put(next: readonly Stroke[], says: string): void {
  act(says, () => {
    strokes.value = next;
  });
}

export function closePhoto(): void {
  if (photo.value) URL.revokeObjectURL(photo.value.address);
  photo.value = null;
  problem.value = "";
}

let sheet: CanvasRenderingContext2D | null = null;

/** The strokes as ink, a byte for each pixel. */
function ink(): Uint8Array<ArrayBuffer> {
  if (!sheet) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    sheet = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    sheet.lineCap = sheet.lineJoin = "round";
    sheet.strokeStyle = "#ffffff";
  }
  sheet.fillStyle = "#000000";
  sheet.fillRect(0, 0, SIDE, SIDE);
  draw(sheet, all.peek());
  return inkOf(sheet.getImageData(0, 0, SIDE, SIDE).data);
}

/** What the address says of the map, the one that is shown on the stage, and of the model. */
function where(): string {
  const query = new URLSearchParams();
  const run = shown.peek()?.run;
  if (run !== undefined) query.set("run", String(run));
  const model = reader.peek();
  if (model) query.set("model", model.id);
  return query.toString();
}

let onItsWay = false;
let stale = false;

async function look(): Promise<void> {
  if (onItsWay) {
    stale = true;
    return;
  }
  onItsWay = true;
  do {
    stale = false;
    await lookOnce();
  } while (stale);
  onItsWay = false;
}

async function lookOnce(): Promise<void> {
  if (all.peek().length === 0) {
    drawn.value = null;
    return;
  }
  const began = performance.now();
  try {
    const found = await ask(`./api/drawing?width=${SIDE}&${where()}`, { method: "POST", body: ink() });
    drawn.value = (await found.json()) as HandwritingRecord;
    problem.value = "";
    answers.value = { count: answers.value.count + 1, ms: performance.now() - began };
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
  if (all.peek().length === 0) drawn.value = null;
}

/** Read a photo; what goes wrong is said beside it. One that is shown already is read again for its places. */
export async function readPhoto(file: File): Promise<void> {
  if (reading.value !== null) return;
  reading.value = file.name;
  problem.value = "";
  const on = map.peek();
  try {
    const found = await ask(`./api/photo?${where()}`, { method: "PUT", body: file });
    const read = (await found.json()) as HandwritingRecord;
    if (photo.peek()?.file !== file) {
      closePhoto();
      digit.value = 0;
    }
    photo.value = { file, address: photo.peek()?.address ?? URL.createObjectURL(file), read, map: on };
  } catch (error) {
    problem.value = `${file.name}: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    reading.value = null;
  }
}

/** Ask whenever the ink or the map changes, until the returned function is called. */
export function startLooking(): () => void {
  const ink = effect(() => {
    all.value;
    map.value;
    reader.value?.id;
    if (unfit.value === "") void look();
  });
  // On a map that forms the place moves on by itself.
  const timer = window.setInterval(() => {
    if (shownRun.peek()?.status === "running" && !photo.peek()) void look();
  }, FOLLOW_MS);
  const again = effect(() => {
    const run = shownRun.value;
    const moved = !placed.value && run !== undefined && isOver(run);
    if (photo.value && (moved || !readAs.value)) void untracked(() => readPhoto(photo.peek()?.file as File));
  });
  return () => {
    ink();
    window.clearInterval(timer);
    again();
  };
}

inAddress("drawing", {
  write: () => (viewId.value === VIEW && strokes.value.length > 0 ? written(strokes.value) : null),
  read: (text) => {
    strokes.value = read(text);
  },
});
