// What people decided about the images: as it is on the disk, what this tab is still saving, and the verbs. Every decision
// is a step of the history, and is seen by all tabs.

import { computed, effect, signal } from "@preact/signals";
import { count } from "./format";
import { newer, older, remember, retract, type Step } from "./history";
import { leaving } from "./live";
import { ask, Refused } from "./net/api";
import type {
  Changes,
  Conflict,
  DecideRequest,
  DecisionRecord,
  Done,
  StepRequest,
  TakenIn,
} from "./net/wire";
import { Outbox, TryLater } from "./outbox";
import { annotations, codes, dataset, tell } from "./state";

export type Decision = DecisionRecord["decision"];

interface Edit {
  kind: "decide";
  says: string;
  request: DecideRequest;
  /** the step of the log, once it is there */
  step: number;
  /** what held before, to be shown again while it is taken back */
  before: ReadonlyMap<number, DecisionRecord | undefined>;
  history: Step | null;
}

interface Again {
  kind: "undo" | "redo";
  says: string;
  token: string;
  /** the last step that was known when it was asked for */
  seen: number;
  /** what it is about; null: the step of that number */
  of: Edit | null;
  step: number;
}

type Change = Edit | Again;

/** Decisions by row, as they are on the disk. */
const onDisk = signal<ReadonlyMap<number, DecisionRecord>>(new Map());
/** The last step of the log that this tab knows. */
let revision = 0;
/** For images that this tab decided about: the step up to which it knows them. */
const mine = new Map<number, number>();
/** The first image of what was undone, or done again, last. */
export const steppedBack = signal<{ row: number } | null>(null);
const agreement = signal({ twice: 0, agree: 0 });

/** Somebody else decided about the same images; nothing was saved. */
export const conflict = signal<{ edit: DecideRequest; says: string; conflict: Conflict } | null>(null);

/** Of the images with a decision and a second opinion, how many have the same label in both. */
export const secondOpinions = computed(() => agreement.value);

const outbox = new Outbox<Change>(send, refused);

/** Decisions by row, as they will be once all is saved. */
export const decided = computed<ReadonlyMap<number, DecisionRecord>>(() => {
  if (outbox.waiting.value.length === 0) return onDisk.value;
  const now = new Map(onDisk.value);
  for (const change of outbox.waiting.value) shownAs(now, change);
  return now;
});

export type Saved = { kind: "saved" } | { kind: "saving" } | { kind: "failed" | "readonly"; why: string };

/** Whether what was decided is on the disk; null where nothing was looked at yet. */
export const saved = computed<Saved | null>(() => {
  const waiting = outbox.waiting.value.length;
  if (waiting > 0 && outbox.problem.value !== "") return { kind: "failed", why: outbox.problem.value };
  if (waiting > 0) return { kind: "saving" };
  const state = annotations.value;
  if (state === null) return null;
  return state.read_only === "" ? { kind: "saved" } : { kind: "readonly", why: state.read_only };
});

/** How many changes wait to be saved. */
export const unsaved = computed(() => outbox.waiting.value.length);

export const saveAgain = (): void => outbox.retry();

/** Decide about images; "none" takes decisions back. */
export function decide(
  rows: readonly number[],
  decision: Decision | "none",
  { label = null, note = "", blind = false }: { label?: string | null; note?: string; blind?: boolean } = {},
): void {
  const says = saysOf(rows, decision, label);
  const request = {
    rows: [...rows],
    decision,
    label,
    note,
    blind,
    token: crypto.randomUUID(),
    seen: revision,
  };
  edit(says, request);
}

function edit(says: string, request: DecideRequest): void {
  const held = decided.peek();
  const before = new Map(request.rows.map((row) => [row, held.get(row)] as const));
  const change: Edit = { kind: "decide", says, request, step: 0, before, history: null };
  change.history = {
    says,
    undo: () => stepBack(again("undo", says, change)),
    redo: () => stepBack(again("redo", says, change)),
  };
  void outbox.put(change);
  remember(change.history);
}

const again = (kind: "undo" | "redo", says: string, of: Edit | null, step = 0): Again => ({
  kind,
  says,
  token: crypto.randomUUID(),
  seen: revision,
  of,
  step,
});

/** One sees at once what it is about. */
function stepBack(change: Again): Promise<boolean> {
  const row = change.of?.request.rows[0];
  const done = outbox.put(change);
  if (row !== undefined) steppedBack.value = { row };
  return done;
}

function saysOf(rows: readonly number[], decision: Decision | "none", label: string | null): string {
  const what = rows.length === 1 ? `#${rows[0]}` : `${count(rows.length)} images`;
  const said = {
    keep: "kept",
    ambiguous: "ambiguous:",
    exclude: "left out",
    later: "later:",
    none: "undecided:",
  };
  return decision === "relabel" ? `${what} relabelled as ${label}` : `${said[decision]} ${what}`;
}

/** Save what was decided all the same, over what others decided. */
export function insist(): void {
  const held = conflict.peek();
  conflict.value = null;
  if (held) edit(held.says, { ...held.edit, token: crypto.randomUUID(), seen: revision });
}

export function giveWay(): void {
  conflict.value = null;
}

/** Take the decisions of a patch in, as one step of the history. */
export async function takeIn(file: Blob): Promise<TakenIn> {
  const query = new URLSearchParams({ token: crypto.randomUUID(), seen: String(revision) });
  const answer = await ask(`./api/decisions/patch?${query}`, { method: "PUT", body: file });
  const taken = (await answer.json()) as TakenIn;
  const { steps } = taken.done;
  learn(taken.done.changes);
  const each = async (kind: "undo" | "redo", order: readonly number[]): Promise<boolean> => {
    const says = `import of ${count(taken.taken)} decisions`;
    const done = await Promise.all(order.map((step) => outbox.put(again(kind, says, null, step))));
    return done.every(Boolean);
  };
  if (steps.length > 0)
    remember({
      says: `imported ${count(taken.taken)} decisions`,
      undo: () => each("undo", [...steps].reverse()),
      redo: () => each("redo", steps),
      inTurn: true,
    });
  return taken;
}

// To the app and back.

async function send(change: Change): Promise<void> {
  const number = change.kind === "decide" ? 0 : (change.of?.step ?? change.step);
  if (change.kind !== "decide" && number === 0) throw new Error("That was never saved.");
  const rows = (change.kind === "decide" ? change : change.of)?.request.rows ?? [];
  const before = change.kind === "decide" ? (change.request.seen ?? 0) : change.seen;
  const seen = rows.reduce((last, row) => Math.max(last, mine.get(row) ?? 0), before);
  const body: DecideRequest | StepRequest =
    change.kind === "decide" ? { ...change.request, seen } : { step: number, token: change.token, seen };
  const path = change.kind === "decide" ? "./api/decisions" : `./api/decisions/${change.kind}`;
  const done = await posted(path, body);
  if (change.kind === "decide") change.step = done.steps[0] ?? 0;
  for (const each of rows) mine.set(each, done.changes.state.revision);
  learn(done.changes);
  const row = change.kind === "decide" || change.of ? undefined : done.changes.rows[0];
  if (row !== undefined) steppedBack.value = { row };
}

async function posted(path: string, body: DecideRequest | StepRequest): Promise<Done> {
  try {
    return (await (await ask(path, { method: "POST", body: JSON.stringify(body) })).json()) as Done;
  } catch (error) {
    if (error instanceof Refused && error.status < 500) throw error;
    const text = error instanceof Refused ? error.message : "The app does not answer.";
    throw new TryLater(text);
  }
}

function refused(change: Change, error: Error): void {
  if (change.kind === "decide" && change.history) retract(change.history);
  void fetchChanges();
  const held = error instanceof Refused && error.status === 409 ? (error.said as Conflict) : null;
  if (held && change.kind === "decide") {
    conflict.value = { edit: change.request, says: change.says, conflict: held };
    return;
  }
  tell("error", error.message);
}

/** Take in what became of the decisions. */
function learn(changes: Changes): void {
  if (changes.state.revision >= revision) {
    const now = new Map(onDisk.peek());
    for (const row of changes.rows) now.delete(row);
    for (const one of changes.decisions) if (one.row !== null) now.set(one.row, one);
    revision = changes.state.revision;
    onDisk.value = now;
    agreement.value = { twice: changes.twice, agree: changes.agree };
  }
  if (changes.state.revision >= (annotations.peek()?.revision ?? 0)) annotations.value = changes.state;
}

let fetching = false;

/** Learn what others decided, and at first all there is. */
export async function fetchChanges(): Promise<void> {
  if (fetching) return;
  fetching = true;
  try {
    do {
      learn((await (await ask(`./api/decisions?since=${revision}`)).json()) as Changes);
    } while ((annotations.peek()?.revision ?? 0) > revision);
  } catch (error) {
    if (!leaving()) tell("error", error instanceof Error ? error.message : String(error));
  } finally {
    fetching = false;
  }
}

/** Learn what was decided before, where anything was. */
export async function startDecisions(): Promise<void> {
  effect(() => {
    const state = annotations.value;
    if (state && state.revision > revision) void fetchChanges();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.peek() > 0 && !leaving()) event.preventDefault();
  });
  const answer = await ask("./api/decisions?there").catch(() => null);
  if (answer?.status === 200) learn((await answer.json()) as Changes);
}

/** While this is wanted, what was decided before the page was loaded, or in other tabs, can be undone as well. */
export function offerOlder(): () => void {
  const stop = effect(() => {
    const state = annotations.value;
    older.value = state?.undo ? olderStep(state.undo, state.undo_step) : null;
    newer.value = state?.redo ? olderStep(state.redo, state.redo_step) : null;
  });
  return () => {
    stop();
    older.value = null;
    newer.value = null;
  };
}

function olderStep(says: string, step: number): Step {
  const put = async (kind: "undo" | "redo"): Promise<boolean> => {
    const done = await outbox.put(again(kind, says, null, step));
    if (done) tell("info", `${kind === "undo" ? "Undone" : "Done again"}: ${says}.`);
    return done;
  };
  return { says, undo: () => put("undo"), redo: () => put("redo"), inTurn: true };
}

// How it looks before the app has answered.

function shownAs(now: Map<number, DecisionRecord>, change: Change): void {
  if (change.kind === "undo") {
    for (const [row, record] of change.of?.before ?? []) {
      if (record) now.set(row, record);
      else now.delete(row);
    }
    return;
  }
  const request = change.kind === "decide" ? change.request : change.of?.request;
  for (const row of request?.rows ?? []) {
    const record = recordOf(row, request as DecideRequest, now.get(row));
    if (record) now.set(row, record);
    else now.delete(row);
  }
}

function recordOf(
  row: number,
  request: DecideRequest,
  before: DecisionRecord | undefined,
): DecisionRecord | null {
  const given = dataset.value?.classes[codes.value[row] ?? -1] ?? null;
  const same = request.decision === "relabel" && request.label === given;
  const decision = same ? "keep" : request.decision;
  if (decision === "none") return null;
  const { blind, note } = request;
  const label = same ? null : request.label;
  const opinion = decision === "keep" ? given : (label ?? `(${decision})`);
  if (blind && before && !before.blind) return { ...before, second: opinion };
  return {
    row,
    decision: decision as Decision,
    label,
    given,
    note,
    at: "",
    blind,
    second: blind ? opinion : (before?.second ?? null),
  };
}
