// The wiring between the socket and the store: what came in changes the store, what a person asks goes out.

import { columnsChanged } from "./columns";
import { retract, type Step } from "./history";
import { keptMaps, keptMapsTold, mayBeKept, runOf, runWith } from "./kept";
import { aboutToMove, goElsewhere, runLookedAt } from "./looked-from";
import { models } from "./models";
import { fetchFrame, Refused } from "./net/api";
import type { Frame } from "./net/frame";
import { isOver, restored, withCosts, withRun } from "./net/session";
import { type LinkState, LiveSocket, liveAddress } from "./net/socket";
import type { ClientMessage, RunRecord, ServerMessage } from "./net/wire";
import {
  annotations,
  chosen,
  driven,
  known,
  link,
  opening,
  ranking,
  refusal,
  shown,
  stage,
  tell,
  unfinished,
} from "./state";

const CATCH_UP_MS = 1500;
const NOT_SENT = "Not sent: no connection to the app. Try again once it is back.";

let socket: LiveSocket | null = null;
let session: string | null = null;
let catchUpTimer: number | undefined;
let gone = false;
let starting: Step | null = null; // the map that was asked for last, until something is heard of it
let unsent: ClientMessage[] | null = []; // what is asked before the first connection goes out with it
let formAsked = false; // the form says beside its fields what is refused; who presses a key has no field

export function connect(knownSession: string | null): void {
  session = knownSession;
  socket = new LiveSocket(liveAddress(window.location.href), {
    onMessage: receive,
    onFrame: receiveFrame,
    onLink: linkChanged,
    onProblem: (text) => tell("error", text),
  });
  socket.connect();
}

/** Start the page over: another session answers under this address, and its data and runs are others. */
export function leave(): void {
  if (gone) return;
  gone = true;
  window.history.replaceState({ left: true }, ""); // what the address says may be of other data
  window.location.reload();
}

/** Whether the page is about to start over; what fails from then on matters to nobody. */
export function leaving(): boolean {
  return gone;
}

/** Tell the server that this frame is drawn and the next may come. */
export function acknowledge(frame: Frame): void {
  socket?.send({ type: "ack", run: frame.run, step: frame.step });
}

function linkChanged(state: LinkState): void {
  // While a lost link is being tried again it stays "lost" for the reader, until it is open.
  if (state.kind === "connecting" && link.value.kind === "lost") return;
  link.value = state;
  if (state.kind === "open" && chosen.value !== null) socket?.send({ type: "viewing", run: chosen.value });
  if (state.kind !== "connecting") sendFirst(state.kind === "open");
}

/** The first connection is there, or there is none. */
function sendFirst(there: boolean): void {
  const first = unsent ?? [];
  unsent = null;
  if (there) for (const message of first) socket?.send(message);
  else if (first.length > 0) {
    takeBack(starting);
    tell("warning", NOT_SENT);
  }
}

function receive(message: ServerMessage): void {
  if (gone) return;
  switch (message.type) {
    case "hello":
      if (session !== null && session !== message.session) {
        leave();
        return;
      }
      session = message.session;
      known.value = restored(message.runs, message.costs);
      break;
    case "run":
      sayFailure(message.run);
      known.value = withRun(known.value, message.run);
      break;
    case "costs":
      known.value = withCosts(known.value, message);
      return;
    case "notice":
      tell(message.level, message.text);
      return;
    case "models":
      models.value = message.models;
      return;
    case "refused":
      refusal.value = { option: message.option, text: message.text };
      takeBack(starting);
      if (!formAsked) tell("error", message.text);
      return;
    case "maps":
      keptMaps.value = message.maps;
      keptMapsTold.value = true;
      return;
    case "opening":
      opening.value = message.name === "" ? null : message;
      return;
    case "columns":
      columnsChanged();
      return;
    case "annotations":
      annotations.value = message;
      return;
    case "ranking":
      ranking.value = message;
      return;
  }
  window.clearTimeout(catchUpTimer);
  catchUpTimer = window.setTimeout(catchUp, CATCH_UP_MS);
}

/** A notice may say the same in the same words; then it is shown once. */
function sayFailure(run: RunRecord): void {
  const before = known.value.runs.find((other) => other.id === run.id);
  if (run.status !== "failed" || before?.status === "failed") return;
  tell("error", run.message || `${run.title} failed at step ${run.step}. Press R to start it again.`);
}

function receiveFrame(frame: Frame): void {
  if (gone) return;
  if (chosen.value === null || chosen.value === frame.run) stage.value?.offer(frame);
  else acknowledge(frame); // sent before the server heard what this tab looks at
}

/** A run that rests shows its exact frame: should its last one not have come, it is fetched. */
async function catchUp(): Promise<void> {
  const wanted = chosen.value ?? known.value.runs.at(-1)?.id;
  const run = known.value.runs.find((other) => other.id === wanted);
  if (!run || !(isOver(run) || run.status === "paused")) return;
  if (shown.value?.run === run.id && shown.value.step === run.step) return;
  try {
    const frame = await fetchFrame(run.id);
    if (frame) receiveFrame(frame);
  } catch (error) {
    tell("warning", error instanceof Error ? error.message : String(error));
  }
}

function ask(message: ClientMessage): boolean {
  if (socket?.send(message)) return true;
  if (unsent) {
    unsent.push(message);
    return true;
  }
  tell("warning", NOT_SENT);
  return false;
}

/** Look at that run, as a person asked, who can undo it. */
export function choose(id: number): void {
  if (id !== runLookedAt()) aboutToMove(ANOTHER);
  show(id);
}

const ANOTHER = "looked at another map";

/** Look at a run that is given in a moment, as one step from where a person was when asking for it. */
async function chooseGiven(give: () => Promise<number>): Promise<void> {
  const from = runLookedAt();
  const step = aboutToMove(ANOTHER);
  const run = await give().catch((error) => {
    takeBack(step);
    throw error;
  });
  if (run === from) takeBack(step);
  show(run);
}

function takeBack(step: Step | null): void {
  if (step) retract(step);
}

/** Look at that run; the newest one means: whichever is the newest from here on. */
export function show(id: number): void {
  goElsewhere();
  chosen.value = id === known.value.runs.at(-1)?.id ? null : id;
  ask({ type: "viewing", run: id });
}

export function canPlay(run: RunRecord | undefined): boolean {
  return run?.status === "running" || run?.status === "paused";
}

export function playOrPause(): void {
  const run = driven.value;
  if (!run || !canPlay(run)) return;
  lookAt(run);
  ask({ type: run.status === "running" ? "pause" : "resume", run: run.id });
}

export function stepOnce(): void {
  const run = driven.value;
  if (!run || !canPlay(run)) return;
  lookAt(run);
  ask({ type: "step", run: run.id });
}

/** Start a map; `fromForm` where the form shows what is wrong with it. */
export function start(
  method: string,
  seed: number,
  options: RunRecord["options"],
  { fromForm = false } = {},
): void {
  formAsked = fromForm;
  unfinished.value = null;
  refusal.value = null;
  starting = aboutToMove("started a map");
  goElsewhere();
  chosen.value = null;
  if (!ask({ type: "start", method, seed, options })) takeBack(starting);
}

/** The map of exactly that: the kept one where there is one, at once; else a run. */
export async function startOrReuse(
  method: string,
  seed: number,
  options: RunRecord["options"],
  { fromForm = false } = {},
): Promise<void> {
  if (!mayBeKept(method, seed)) return start(method, seed, options, { fromForm });
  unfinished.value = null;
  refusal.value = null;
  try {
    await chooseGiven(() => runWith({ method, seed, options, waits: false }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusal.value = { option: error.option, text: error.message };
    if (!fromForm) tell("error", error.message);
  }
}

/** Look at a kept map. */
export async function lookAtKept(id: string): Promise<void> {
  await chooseGiven(() => runOf(id));
}

/**
 * The run that has a map, or is going to have it when all that was asked for before is over; this tab goes on showing
 * what it shows.
 */
export async function runBeside(give: () => Promise<number>): Promise<number> {
  chosen.value ??= shown.value?.run ?? null;
  const run = await give();
  if (chosen.value !== null) ask({ type: "viewing", run: chosen.value });
  return run;
}

/** Queue a map behind all that was asked for before; this tab goes on showing what it shows. */
export function startAfterOthers(method: string, seed: number, options: RunRecord["options"]): void {
  chosen.value ??= shown.value?.run ?? null;
  ask({ type: "start", method, seed, options, waits: true });
  if (chosen.value !== null) ask({ type: "viewing", run: chosen.value });
}

/** Pause, resume, step or end a run without looking at it on the map. */
export function control(run: RunRecord, verb: "pause" | "resume" | "step" | "stop"): void {
  ask({ type: verb, run: run.id });
}

/** End a run where it is; what it has so far is its map. */
export function stopRun(run: RunRecord): void {
  lookAt(run);
  ask({ type: "stop", run: run.id });
}

/** Multiply the attraction of the driven run by that factor from here on; null: as the method has it. */
export function exaggerate(run: RunRecord, factor: number | null): void {
  ask({ type: "exaggerate", run: run.id, factor });
}

/** Let a run do no more steps a second than that, so that each is seen; null: as fast as it goes. */
export function setSpeed(run: RunRecord, stepsPerSecond: number | null): void {
  ask({ type: "speed", run: run.id, steps_per_second: stepsPerSecond });
}

/** Controls speak to a run: whoever uses them wants to see it. */
function lookAt(run: RunRecord): void {
  if (shown.value?.run !== run.id && chosen.value !== run.id) choose(run.id);
}
