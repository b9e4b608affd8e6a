// The few HTTP calls. Every address is relative, so that the app works under any prefix.

import { decodeFrame, type Frame } from "./frame";
import type {
  CatalogueRecord,
  DatasetRecord,
  ErrorRecord,
  Hello,
  MethodRecord,
  MethodsRecord,
  RunRecord,
} from "./wire";

/** What GET api/session answers: the same as the socket's first message, without its tag. */
export type Snapshot = Omit<Hello, "type">;

/** The app refused: its sentence, the option at fault, or "", the status, and all that it said. */
export class Refused extends Error {
  constructor(
    text: string,
    readonly option: string,
    readonly status = 0,
    readonly said: unknown = null,
  ) {
    super(text);
  }
}

/** The answer, or an error in words: the app's own where it gave any. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  if (!answer.ok) throw await refusalOf(answer, path);
  return answer;
}

async function refusalOf(answer: Response, path: string): Promise<Refused> {
  if (answer.status === 401 || answer.status === 403) {
    return new Refused(
      "This page has no key to the app any more. Open the address that the terminal shows.",
      "",
      answer.status,
    );
  }
  const said = (await answer.json().catch(() => null)) as Partial<ErrorRecord> | null;
  if (typeof said?.text === "string") return new Refused(said.text, said.option ?? "", answer.status, said);
  return new Refused(
    `The app answered ${answer.status} to ${path}. Is it still running? The terminal says more.`,
    "",
    answer.status,
  );
}

export async function fetchDataset(): Promise<DatasetRecord> {
  return (await ask("./api/dataset")).json() as Promise<DatasetRecord>;
}

export async function fetchSession(): Promise<Snapshot> {
  return (await ask("./api/session")).json() as Promise<Snapshot>;
}

/** Class codes, one per row; 65535 where a row has none. */
export async function fetchLabels(): Promise<Uint16Array<ArrayBuffer>> {
  return new Uint16Array(await (await ask("./api/labels")).arrayBuffer());
}

/** Every kind of map there is, with its options. */
export async function fetchMethods(): Promise<MethodRecord[]> {
  return ((await (await ask("./api/methods")).json()) as MethodsRecord).methods;
}

/** One value for each row of a run's map. */
export async function fetchPoints(run: number, name: string): Promise<Float32Array> {
  return new Float32Array(await (await ask(`./api/runs/${run}/points/${name}`)).arrayBuffer());
}

export async function fetchCatalogue(): Promise<CatalogueRecord> {
  return (await ask("./api/catalogue")).json() as Promise<CatalogueRecord>;
}

export type Options = RunRecord["options"];

/** Returns when that data set is open in place of the one before. */
export async function openNamed(name: string, options: Options): Promise<void> {
  await ask("./api/open", { method: "POST", body: JSON.stringify({ name, options }) });
}

/** Returns when the data of that file are open. The name is for people; the file's bytes say what it is. */
export async function sendFile(name: string, body: Blob, options: Options): Promise<void> {
  const query = new URLSearchParams({ name, options: JSON.stringify(options) });
  await ask(`./api/upload?${query}`, { method: "PUT", body });
}

/** Returns when the open data have been read once more, with these options. */
export async function readAgain(options: Options): Promise<void> {
  await ask("./api/again", { method: "POST", body: JSON.stringify({ options }) });
}

/** Whether there was something on its way in, which is given up now. */
export async function cancelOpening(): Promise<boolean> {
  const answer = await fetch("./api/open", { method: "DELETE", credentials: "same-origin" });
  return answer.ok;
}

/** The own ids of those rows. */
export async function fetchIds(rows: readonly number[]): Promise<(string | number)[]> {
  const body = Uint32Array.from(rows);
  const headers = { "Content-Type": "application/octet-stream" };
  return (await ask("./api/ids", { method: "POST", headers, body })).json() as Promise<(string | number)[]>;
}

/** The newest frame of a run, or null where there is none yet. */
export async function fetchFrame(run: number): Promise<Frame | null> {
  const path = `./api/runs/${run}/frame`;
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" });
  if (answer.status === 404 || answer.status === 204) return null;
  if (!answer.ok) throw await refusalOf(answer, path);
  return decodeFrame(await answer.arrayBuffer());
}

/** Raw pixels of those rows, p bytes each, in the order asked for. */
export async function fetchImages(
  rows: readonly number[],
  p: number,
  signal?: AbortSignal,
): Promise<Uint8Array[]> {
  const answer = await ask("./api/images", {
    ...(signal && { signal }),
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: Uint32Array.from(rows),
  });
  const pixels = new Uint8Array(await answer.arrayBuffer());
  if (pixels.length !== rows.length * p) {
    throw new Error(
      `The app sent ${pixels.length} bytes for ${rows.length} images of ${p}. Reload the page.`,
    );
  }
  return rows.map((_, i) => pixels.subarray(i * p, (i + 1) * p));
}
