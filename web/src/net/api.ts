// The few HTTP calls. Every address is relative, so that the app works under any prefix.

import { decodeFrame, type Frame } from "./frame";
import type { DatasetRecord, Hello } from "./wire";

/** What GET api/session answers: the same as the socket's first message, without its tag. */
export type Snapshot = Omit<Hello, "type">;

async function get(path: string): Promise<Response> {
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(explain(path, answer.status));
  return answer;
}

function explain(path: string, status: number): string {
  if (status === 401 || status === 403) {
    return "This page has no key to the app any more. Open the address that the terminal shows.";
  }
  return `The app answered ${status} to ${path}. Is it still running? The terminal says more.`;
}

export async function fetchDataset(): Promise<DatasetRecord> {
  return (await get("./api/dataset")).json() as Promise<DatasetRecord>;
}

export async function fetchSession(): Promise<Snapshot> {
  return (await get("./api/session")).json() as Promise<Snapshot>;
}

/** Class codes, one per row; 65535 where a row has none. */
export async function fetchLabels(): Promise<Uint16Array<ArrayBuffer>> {
  return new Uint16Array(await (await get("./api/labels")).arrayBuffer());
}

/** The newest frame of a run, or null where there is none yet. */
export async function fetchFrame(run: number): Promise<Frame | null> {
  const answer = await fetch(`./api/runs/${run}/frame`, { credentials: "same-origin", cache: "no-store" });
  if (answer.status === 404 || answer.status === 204) return null;
  if (!answer.ok) throw new Error(explain(`./api/runs/${run}/frame`, answer.status));
  return decodeFrame(await answer.arrayBuffer());
}

/** Raw pixels of those rows, p bytes each, in the order asked for. */
export async function fetchImages(rows: readonly number[], p: number): Promise<Uint8Array[]> {
  const answer = await fetch("./api/images", {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/octet-stream" },
    body: Uint32Array.from(rows),
  });
  if (!answer.ok) throw new Error(explain("./api/images", answer.status));
  const pixels = new Uint8Array(await answer.arrayBuffer());
  if (pixels.length !== rows.length * p) {
    throw new Error(
      `The app sent ${pixels.length} bytes for ${rows.length} images of ${p}. Reload the page.`,
    );
  }
  return rows.map((_, i) => pixels.subarray(i * p, (i + 1) * p));
}
