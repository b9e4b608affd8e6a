// What the app is asked about summaries.

import { ask } from "../../net/api";
import type {
  RunRecord,
  SummariesRecord,
  SummaryAnswer,
  SummaryRecord,
  SummaryRequest,
} from "../../net/wire";

export type Options = RunRecord["options"];

export async function fetchSummaries(): Promise<SummaryRecord[]> {
  return ((await (await ask("./api/summaries")).json()) as SummariesRecord).summaries;
}

export async function fetchAnswer(
  id: string,
  request: SummaryRequest,
  signal: AbortSignal,
): Promise<SummaryAnswer> {
  const body = JSON.stringify(request);
  return (
    await ask(`./api/summaries/${id}`, { method: "POST", body, signal })
  ).json() as Promise<SummaryAnswer>;
}

/** Where the same is as a file: "table.csv", "chart.png". */
export function fileOf(id: string, file: string, options: Options, dark: boolean): string {
  const query = new URLSearchParams();
  if (Object.keys(options).length > 0) query.set("options", JSON.stringify(options));
  if (dark && file.startsWith("chart")) query.set("dark", "true");
  const text = query.toString();
  return `./api/summaries/${id}/${file}${text && `?${text}`}`;
}
