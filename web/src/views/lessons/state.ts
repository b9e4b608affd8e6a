// Which lesson is read, what it says, and the models that answer it.

import { computed, effect, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { models } from "../../models";
import { ask } from "../../net/api";
import type {
  LessonRecord,
  LessonsRecord,
  ModelRecord,
  PageRecord,
  SimulationRecord,
  TrainRequest,
} from "../../net/wire";
import { tell } from "../../state";
import { viewId } from "../registry";
import { same } from "./sums";

export const VIEW = "lessons";

const told = signal<LessonsRecord | null>(null);
const chosenId = signal("");

export const pages = computed<readonly PageRecord[]>(() => told.value?.pages ?? []);
/** Whether the open data are those of the documents, so that their numbers can be compared with ours. */
export const own = computed(() => told.value?.own ?? false);
export const page = computed<PageRecord | undefined>(
  () => pages.value.find((each) => each.id === chosenId.value) ?? pages.value[0],
);

export function choose(id: string): void {
  chosenId.value = id;
}

export async function learnPages(): Promise<void> {
  if (told.peek()) return;
  try {
    told.value = (await (await ask("./api/lessons")).json()) as LessonsRecord;
  } catch (error) {
    tell("error", words(error));
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The newest model that was made as the lesson says; one that was stopped or failed is passed over for one that was not. */
export function answerTo(lesson: LessonRecord, all: readonly ModelRecord[]): ModelRecord | undefined {
  const made = all.filter(
    (model) =>
      model.kind === lesson.kind &&
      same(model.options, lesson.options) &&
      same(model.preparation, lesson.preparation) &&
      same(model.rows, lesson.rows) &&
      model.other === "",
  );
  return made.findLast((model) => !["stopped", "failed"].includes(model.status)) ?? made.at(-1);
}

export const answers = computed(
  () => new Map((page.value?.lessons ?? []).map((lesson) => [lesson.id, answerTo(lesson, models.value)])),
);

/** Train what a lesson is about; it waits for its turn where something is trained. */
export async function run(lesson: LessonRecord): Promise<void> {
  const { kind, options, preparation, rows } = lesson;
  const asked: TrainRequest = { kind, options, preparation, rows, folds: 0, seeds: 0 };
  await said(ask("./api/models", { method: "POST", body: JSON.stringify(asked) }));
}

export async function stop(model: string): Promise<void> {
  await said(ask(`./api/models/${encodeURIComponent(model)}/stop`, { method: "POST" }));
}

async function said(asking: Promise<unknown>): Promise<void> {
  try {
    await asking;
  } catch (error) {
    tell("warning", words(error));
  }
}

// The simulation of D7.

export const threshold = signal(0.5);
export const features = signal(3);
export const seed = signal(0);
export const simulation = signal<SimulationRecord | null>(null);

/** Draw again whenever its numbers change, until the returned function is called. */
export function startDrawing(): () => void {
  let newest = 0;
  return effect(() => {
    const query = new URLSearchParams({ features: String(features.value), seed: String(seed.value) });
    newest += 1;
    const mine = newest;
    ask(`./api/lessons/simulation?${query}`)
      .then((answer) => answer.json() as Promise<SimulationRecord>)
      .then((found) => {
        if (mine === newest) simulation.value = found;
      })
      .catch((error: unknown) => tell("warning", words(error)));
  });
}

inAddress("lesson", {
  write: () => (viewId.value === VIEW ? (page.value?.id ?? null) : null),
  read: choose,
});
