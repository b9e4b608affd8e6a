// Numbers and short phrases as people read them.

import type { RunRecord } from "./net/wire";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const count = (n: number): string => whole.format(n);

/** A number of bytes in the unit that one would say it in. */
export function bytes(n: number): string {
  if (n < 1e6) return `${count(Math.max(1, n / 1e3))} kB`;
  return n < 1e9 ? `${count(n / 1e6)} MB` : `${(n / 1e9).toFixed(1)} GB`;
}

/** "a, b or c". */
export const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

/** A number on a scale: three digits that count, and no zeros after them. */
export const number = (value: number): string => String(Number(value.toPrecision(3)));

export function cost(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1e5) return value.toExponential(2).replace("e+", "e");
  return Math.abs(value) >= 100 ? value.toPrecision(4) : value.toFixed(3);
}

/** A duration in the unit that one would say it in. */
export function duration(exact: number): string {
  const seconds = Math.max(1, Math.round(exact));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The name of a map: its method, and its dimensions where they are not two. */
export const runName = (run: RunRecord): string =>
  run.options.n_components === 3 ? `${run.title} 3-D` : run.title;

/** The space that distances are taken in, as the options say it: so many principal components, or raw pixels. */
export function spaceName(options: RunRecord["options"]): string {
  if (!("space" in options)) return "";
  return options.space === null ? "raw pixels" : `${options.space} components`;
}

/** What a run is doing, in words; never a bare spinner. */
export function runState(run: RunRecord): string {
  switch (run.status) {
    case "queued":
      return "waiting for its turn";
    case "preparing":
      return preparing(run);
    case "running":
      return run.iterations_per_second
        ? `running, ${run.iterations_per_second.toFixed(run.iterations_per_second < 10 ? 1 : 0)} steps/s`
        : "running";
    case "stopped":
      return `stopped at step ${count(run.step)}`;
    case "failed":
      return "failed";
    default:
      return run.status;
  }
}

function preparing(run: RunRecord): string {
  if (run.stage === "") return "preparing";
  return stageState(run.stage, run.stage_done, run.stage_total);
}

/** How far a named stage is: "finding neighbours, 60 %". */
export function stageState(stage: string, done: number, total: number): string {
  return total > 0 ? `${stage}, ${Math.floor((100 * done) / total)} %` : stage;
}

const LARGEST_SEED = 2 ** 31 - 1;

/** A seed as typed, or the sentence that says what is wrong with it. */
export function parseSeed(text: string): number | string {
  const trimmed = text.trim();
  const seed = /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (seed <= LARGEST_SEED) return seed;
  return `Seed "${trimmed.slice(0, 20)}" cannot be used: type a whole number from 0 to ${LARGEST_SEED}.`;
}
