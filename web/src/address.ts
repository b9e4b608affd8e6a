// What this tab looks at stands in the address, behind the #, so that a reload or a pasted link brings it back.
// A part of it is added where its state lives: `inAddress("view", …)`.

import { effect } from "@preact/signals";

interface Part {
  /** The text for the address, or null where it needs none; reads the signals that it depends on. */
  write(): string | null;
  read(text: string): void;
  /** Whether what an address says can be read yet; reads the signals that it depends on. Without it: at once. */
  ready?(): boolean;
  /** The browser's way back leads through its changes, each a page to it, and leaves all else as it is. */
  pages?: boolean;
}

const QUIET_MS = 250; // what goes on changing is written at its start and when it rests
const MOST = 16_000; // characters of one part, which any 90,000 rows take; longer ones are left out rather than cut

const parts = new Map<string, Part>();
/** What an address said and nobody has read yet: whoever reads it is not there, or not ready. */
let waiting = parsed(typeof window === "undefined" ? "" : window.location.hash);
let timer: number | undefined;
let started = false;
/** The address as it was read or written last. */
let last = typeof window === "undefined" ? "" : window.location.hash;

export function parsed(hash: string): Map<string, string> {
  return new Map(new URLSearchParams(hash.replace(/^#/, "")));
}

export function inAddress(name: string, part: Part): void {
  parts.set(name, part);
  takeIn(name, part);
  if (started) watch(part);
}

/** Have a part read what waits for it, as soon as it can. */
function takeIn(name: string, part: Part): void {
  const read = (): void => {
    const text = waiting.get(name);
    waiting.delete(name);
    if (text !== undefined) part.read(text);
  };
  if (!waiting.has(name)) return;
  if (part.ready) once(part.ready, read);
  else read();
}

function once(ready: () => boolean, act: () => void): void {
  let done = false;
  const stop = effect(() => {
    if (done || !ready()) return;
    done = true;
    setTimeout(() => {
      stop();
      act();
    });
  });
}

/** As if an address said so, whether or not whoever reads that part is there yet. */
export function say(name: string, text: string): void {
  const part = parts.get(name);
  if (part) part.read(text);
  else waiting.set(name, text);
}

/** The address of what is looked at now, from the # on; parts that nobody has read yet stay as they were. */
export function written(): string {
  const said = new URLSearchParams([...waiting]);
  for (const [name, part] of parts) {
    if (waiting.has(name)) continue;
    const text = part.write();
    if (text !== null && text.length <= MOST) said.set(name, text);
  }
  const text = said.toString();
  return text === "" ? "" : `#${text}`;
}

/** From here on the address follows what is looked at, and what is looked at follows the address. */
export function startAddress(): void {
  started = true;
  // The browser's way back leads to where the page began, too.
  window.history.replaceState({ own: true }, "", last === "" ? window.location.pathname : last);
  for (const part of parts.values()) watch(part);
  window.addEventListener("hashchange", arrive);
}

/** Look at what the address says, where somebody else has changed it. */
function arrive(): void {
  last = window.location.hash;
  if (last === written()) return;
  if (window.history.state?.own) {
    turnBack();
    return;
  }
  waiting = parsed(last);
  for (const [name, part] of parts) takeIn(name, part);
}

/** The browser's way back, or forth again: what was selected and done since then stays. */
function turnBack(): void {
  const said = parsed(last);
  for (const [name, part] of parts) if (part.pages) part.read(said.get(name) ?? "");
  put();
}

function watch(part: Part): void {
  let before: string | null | undefined;
  effect(() => {
    const text = part.write();
    if (text === before) return; // what it depends on changed, but not what it says: a run that forms holds nothing up
    const first = before === undefined;
    before = text;
    if (!first && timer === undefined) queueMicrotask(put); // all that changes with it is known by then
    writeOnceQuiet();
  });
}

function writeOnceQuiet(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    timer = undefined;
    put();
  }, QUIET_MS);
}

function put(): void {
  if (window.location.hash !== last) {
    arrive(); // it was changed, and the page is yet to be told
    return;
  }
  const next = written();
  if (next === window.location.hash) return;
  const said = parsed(last);
  const turned = [...parts].some(([name, part]) => part.pages && part.write() !== (said.get(name) ?? null));
  const way = turned ? "pushState" : "replaceState";
  window.history[way]({ own: true }, "", next === "" ? window.location.pathname : next);
  last = window.location.hash;
}
