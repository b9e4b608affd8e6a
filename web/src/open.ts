// Opening other data: by its name in the catalogue, or as files that were dropped or chosen.

import { computed, signal } from "@preact/signals";
import { type Dropped, droppedOn, type Gathered, gatherDropped, gatherFiles, type Told } from "./dropped";
import { chosenOptions, shownAs, type Typed } from "./form";
import { bytes } from "./format";
import { leave, leaving } from "./live";
import { cancelOpening, fetchCatalogue, type Options, openNamed, readAgain, sendFile } from "./net/api";
import type { CatalogueRecord } from "./net/wire";
import { opening } from "./state";
import { TimeLeft } from "./time-left";

export const dialogOpen = signal(false);
/** The dialog reads what is open once more, and opens nothing else. */
export const again = signal(false);
export const catalogue = signal<CatalogueRecord | null>(null);
/** What this page does before the app can say how far it is; null where it does nothing. */
export const doing = signal<string | null>(null);
export const problem = signal<string | null>(null);
/** Files are dragged over the window. */
export const dragging = signal(false);
/** A view that takes a picture that is dropped, in place of opening it as data; `says` stands on the window meanwhile. */
export const takesPictures = signal<{ says: string; take(file: File): void } | null>(null);
/** How to read, as it was typed; what is not in it is as declared. */
export const reading = signal<Typed>({});
const CANCELLED = "Cancelled. What was open is open still.";
let cancelled = false;

const timeLeft = new TimeLeft();
/** Seconds until what is being opened has done its present stage; null while one cannot know. */
export const secondsLeft = computed(() => {
  const coming = opening.value;
  return coming && timeLeft.after(coming.stage, coming.done, coming.total, performance.now());
});

export function showDialog(): void {
  show(false);
  reading.value = {};
}

/** Show how the open data were read, to read them in another way. */
export function showAgain(): void {
  show(true);
  const with_ = Object.entries(catalogue.value?.read_with ?? {});
  reading.value = Object.fromEntries(with_.map(([name, value]) => [name, shownAs(value)]));
}

function show(readAnew: boolean): void {
  problem.value = null;
  again.value = readAnew;
  dialogOpen.value = true;
  void learnCatalogue();
}

/** The options that are typed now; null where one of them is not allowed. */
export const readingOptions = computed<Options | null>(() =>
  chosenOptions({ options: catalogue.value?.reading ?? [] }, reading.value),
);

/** Those, or an error that says where to look. */
function wanted(): Options {
  const options = readingOptions.value;
  if (options === null) throw new Error("How to read: mend what is marked there first.");
  return options;
}

/** Give up what is on its way in, whoever asked for it. */
export async function cancel(): Promise<void> {
  cancelled = doing.value !== null;
  if (cancelled) doing.value = "Cancelling";
  await cancelOpening();
}

/** Ask again each time: files may have come since. */
export async function learnCatalogue(): Promise<void> {
  try {
    catalogue.value = await fetchCatalogue();
  } catch (error) {
    if (dialogOpen.value) problem.value = words(error);
  }
}

export function openByName(key: string, title: string): Promise<void> {
  return start(`Opening ${title}`, () => openNamed(key, wanted()));
}

/** Read what is open once more, in the way that is typed now. */
export function openAgain(title: string): Promise<void> {
  return start(`Reading ${title}`, () => readAgain(wanted()));
}

export function openFiles(files: readonly File[]): Promise<void> {
  return start("Looking at the files", async (told) => send(await gatherFiles(files, told), told));
}

function openDropped(dropped: Dropped): Promise<void> {
  return start("Looking at the files", async (told) => send(await gatherDropped(dropped, told), told));
}

async function send({ name, body }: Gathered, told: Told): Promise<void> {
  const most = (catalogue.value ?? (await fetchCatalogue())).most_bytes;
  if (body.size > most) {
    throw new Error(
      `${name} has ${bytes(body.size)}; at most ${bytes(most)} are taken here. Start snowdome with its path instead.`,
    );
  }
  told(`Sending ${name}`);
  await sendFile(name, body, wanted());
}

/** One at a time; the dialog shows how far it is and what went wrong. When it is there, the page starts over. */
async function start(first: string, work: (told: Told) => Promise<void>): Promise<void> {
  if (doing.value !== null) return;
  cancelled = false;
  doing.value = first;
  problem.value = null;
  dialogOpen.value = true;
  try {
    await work((text) => {
      if (cancelled) throw new Error(CANCELLED);
      doing.value = text;
    });
    leave();
  } catch (error) {
    if (!leaving()) problem.value = cancelled ? CANCELLED : words(error);
  } finally {
    if (!leaving()) doing.value = null;
  }
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Files may be dropped anywhere on the window. */
export function startDrops(): void {
  window.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    dragging.value = true;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) dragging.value = false;
  });
  window.addEventListener("drop", (event) => {
    dragging.value = false;
    if (!holdsFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    const [file, ...more] = event.dataTransfer.files;
    const taker = takesPictures.peek();
    if (taker && file?.type.startsWith("image/") && more.length === 0) {
      taker.take(file);
      return;
    }
    again.value = false;
    void openDropped(droppedOn(event.dataTransfer));
  });
}
