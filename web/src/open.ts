// Opening other data: by its name in the catalogue, or as files that were dropped or chosen.

import { signal } from "@preact/signals";
import { type Dropped, droppedOn, type Gathered, gatherDropped, gatherFiles, type Told } from "./dropped";
import { bytes } from "./format";
import { leave, leaving } from "./live";
import { fetchCatalogue, openNamed, sendFile } from "./net/api";
import type { CatalogueRecord } from "./net/wire";

export const dialogOpen = signal(false);
export const catalogue = signal<CatalogueRecord | null>(null);
/** What this page does before the app can say how far it is; null where it does nothing. */
export const doing = signal<string | null>(null);
export const problem = signal<string | null>(null);
/** Files are dragged over the window. */
export const dragging = signal(false);

export function showDialog(): void {
  problem.value = null;
  dialogOpen.value = true;
  void learnCatalogue();
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
  return opening(`Opening ${title}`, () => openNamed(key));
}

export function openFiles(files: readonly File[]): Promise<void> {
  return opening("Looking at the files", async (told) => send(await gatherFiles(files, told), told));
}

function openDropped(dropped: Dropped): Promise<void> {
  return opening("Looking at the files", async (told) => send(await gatherDropped(dropped, told), told));
}

async function send({ name, body }: Gathered, told: Told): Promise<void> {
  const most = (catalogue.value ?? (await fetchCatalogue())).most_bytes;
  if (body.size > most) {
    throw new Error(
      `${name} has ${bytes(body.size)}; at most ${bytes(most)} are taken here. Start snowdome with its path instead.`,
    );
  }
  told(`Sending ${name}`);
  await sendFile(name, body);
}

/** One at a time; the dialog shows how far it is and what went wrong. When it is there, the page starts over. */
async function opening(first: string, work: (told: Told) => Promise<void>): Promise<void> {
  if (doing.value !== null) return;
  doing.value = first;
  problem.value = null;
  dialogOpen.value = true;
  try {
    await work((text) => {
      doing.value = text;
    });
    leave();
  } catch (error) {
    if (!leaving()) problem.value = words(error);
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
    void openDropped(droppedOn(event.dataTransfer));
  });
}
