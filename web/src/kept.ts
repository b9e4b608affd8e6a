// The maps that outlive the program: what is kept of these data, how each is told from the others, and what a person
// does to them.

import { signal } from "@preact/signals";
import { shownAs } from "./form";
import { runName } from "./format";
import { remember, retract, type Step } from "./history";
import { ask } from "./net/api";
import type { KeptRecord, MapRequest, RunGiven, RunRecord } from "./net/wire";
import { known, methods, tell } from "./state";

/** All that are kept, the newest first. */
export const keptMaps = signal<readonly KeptRecord[]>([]);
/** Whether the server has told which there are. */
export const keptMapsTold = signal(false);

/** What both a run and a kept map say of how they were made. */
type Made = Pick<RunRecord, "method" | "seed" | "options" | "cost_name">;

export const keptOf = (run: RunRecord | undefined): KeptRecord | undefined =>
  run?.kept ? keptMaps.value.find((map) => map.id === run.kept) : undefined;

/** A run as people call it: by the name that its map was given, else by its method. */
export const mapName = (run: RunRecord): string => keptOf(run)?.name || runName(run);

/** A kept map as people call it. */
export const keptName = (map: KeptRecord): string =>
  map.name || (map.dim === 3 ? `${map.title} 3-D` : map.title);

/** The options that are not as the method has them, and the seed: what makes this map another than its like. */
export function differences(made: Made): string[] {
  const declared = methods.value.find((method) => method.id === made.method)?.options ?? [];
  const said = declared
    .filter((option) => option.name !== "n_components" && option.name in made.options)
    .filter((option) => made.options[option.name] !== option.default)
    .map((option) => `${option.name.replaceAll("_", " ")} ${shownAs(made.options[option.name] ?? null)}`);
  return made.seed === null || made.cost_name === "" ? said : [...said, `seed ${made.seed}`];
}

const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hour12: false });
const whole = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", hour12: false });

/** The time of day of what was made today, else the day. */
export function whenMade(made: number, now = Date.now()): string {
  const date = new Date(1000 * made);
  return date.toDateString() === new Date(now).toDateString() ? clock.format(date) : day.format(date);
}

export const exactlyWhen = (made: number): string => whole.format(new Date(1000 * made));

/** Whether asking for a map of that method and seed could find a kept one. */
export const mayBeKept = (method: string, seed: number): boolean =>
  keptMaps.peek().some((map) => map.method === method && map.seed === seed);

const post = async (path: string, record?: unknown): Promise<Response> =>
  ask(path, { method: "POST", ...(record !== undefined && { body: JSON.stringify(record) }) });

/** The run that has a map of exactly that: a kept one, or one that begins now. */
export async function runWith(asked: MapRequest): Promise<number> {
  return ((await (await post("./api/maps", asked)).json()) as RunGiven).run;
}

/** The run of a kept map. */
export async function runOf(id: string): Promise<number> {
  const there = known.peek().runs.find((run) => run.kept === id);
  return there?.id ?? ((await (await post(`./api/maps/${id}/show`)).json()) as RunGiven).run;
}

/** What a sketch is drawn from: a byte for each coordinate of some rows. */
export async function fetchSketch(id: string): Promise<Uint8Array> {
  return new Uint8Array(await (await ask(`./api/maps/${id}/sketch`)).arrayBuffer());
}

async function put(id: string, name: string): Promise<void> {
  await ask(`./api/maps/${id}`, { method: "PUT", body: JSON.stringify({ name }) });
}

const throwAway = async (id: string): Promise<unknown> => ask(`./api/maps/${id}`, { method: "DELETE" });
const bringBack = async (id: string): Promise<unknown> => post(`./api/maps/${id}/back`);

export async function rename(map: KeptRecord, name: string): Promise<void> {
  if (name.trim() === map.name) return;
  await asStep(`named a map ${name.trim() || "by its method"}`, {
    act: () => put(map.id, name),
    back: () => put(map.id, map.name),
  });
}

export async function remove(map: KeptRecord): Promise<void> {
  await asStep(`deleted the kept map ${keptName(map)}`, {
    act: () => throwAway(map.id),
    back: () => bringBack(map.id),
  });
}

interface Doing {
  act(): Promise<unknown>;
  back(): Promise<unknown>;
}

/** A step of the history from the moment on in which it is asked for: who undoes it at once means this one. */
async function asStep(says: string, { act, back }: Doing): Promise<void> {
  const first = act();
  let last = first;
  const then = (next: () => Promise<unknown>): Promise<boolean> => {
    last = last.then(next, next); // one after the other
    return happens(last);
  };
  const step: Step = { says, undo: () => then(back), redo: () => then(act) };
  remember(step);
  await first.catch((error: Error) => {
    retract(step);
    throw error;
  });
}

/** Whether it could be done; what fails is told. */
const happens = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    (error: Error) => {
      tell("warning", error.message);
      return false;
    },
  );

/** What fails is told. */
export function said(work: Promise<unknown>): void {
  void happens(work);
}
