// What a view offers as a file, and where that is found.

import { type Signal, signal } from "@preact/signals";
import type { Drawing } from "./sheet";

export type Kind = "png" | "svg";

/** What a view gives: a drawing, or a file that somebody else has drawn. */
export interface Picture {
  /** What it shows, in the words of a file's name. */
  name: string;
  shows: Drawing | Promise<Blob>;
  /** What is said below it beside what the status line says. */
  also?: string;
}

export interface Offer {
  kinds: readonly Kind[];
  make(kind: Kind): Picture | null;
}

/** That of the view on the stage; null where it has none. */
export const offered: Signal<Offer | null> = signal(null);
