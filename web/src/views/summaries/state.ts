// Which summary is looked at, with which options, and what the app answered.

import { computed, effect, signal } from "@preact/signals";
import { inAddress } from "../../address";
import { chosenOptions, optionOf, shownAs, type Typed } from "../../form";
import { count } from "../../format";
import { Refused } from "../../net/api";
import type { SummaryAnswer, SummaryRecord, TableRecord } from "../../net/wire";
import { dataset, tell } from "../../state";
import { dark } from "../../theme";
import { onPage } from "../registry";
import { fetchAnswer, fetchSummaries, type Options } from "./api";

const TYPING_MS = 300;

export const summaries = signal<readonly SummaryRecord[]>([]);
const chosenId = signal<string | null>(null);
/** What was typed for each summary, by its id; it stays when another is looked at. */
const drafts = signal<Readonly<Record<string, Typed>>>({});

const named = (id: string | null): SummaryRecord | undefined =>
  summaries.value.find((each) => each.id === id);
export const chosen = computed<SummaryRecord | undefined>(
  () =>
    named(chosenId.value) ?? named(dataset.value?.image_shape ? "centroids" : "values") ?? summaries.value[0],
);
export const typed = computed<Typed>(() => drafts.value[chosen.value?.id ?? ""] ?? {});
/** The options that are asked for; null where one of them is not allowed. */
export const options = computed<Options | null>(() =>
  chosen.value ? chosenOptions(chosen.value, typed.value) : null,
);

/** What is shown: the answer, and what was asked. */
export interface Shown {
  id: string;
  options: Options;
  dark: boolean;
  data: string;
  answer: SummaryAnswer;
  table: TableRecord | null;
}
export const shown = signal<Shown | null>(null);
export const refusal = signal<{ option: string; text: string } | null>(null);
/** Since when the answer is waited for; null: it is there. */
export const waiting = signal(false);

export function choose(id: string): void {
  chosenId.value = id;
}

export function type(name: string, text: string): void {
  const id = chosen.peek()?.id;
  if (id) drafts.value = { ...drafts.peek(), [id]: { ...typed.peek(), [name]: text } };
}

export function forgetTyped(): void {
  const id = chosen.peek()?.id;
  if (id) drafts.value = { ...drafts.peek(), [id]: {} };
}

/** What the status line says. */
export const says = computed(() => {
  const now = shown.value;
  if (waiting.value) return `${chosen.value?.title ?? "The summary"}: being computed`;
  if (!now) return "";
  const { caption, seconds } = now.answer;
  const rows = now.table ? `${count(now.table.rows)} rows` : "";
  return [
    caption.replace(/\.$/, ""),
    rows,
    `${Math.max(seconds, 0.001).toFixed(seconds < 0.1 ? 3 : 2)} s`,
  ].join(" · ");
});

/** Ask for the summaries there are and for what is chosen, again whenever that changes; until the returned function is called. */
export function startAsking(): () => void {
  const stops = [effect(fetchDeclared), askWhatIsChosen()];
  return () => {
    for (const stop of stops) stop();
  };
}

let typedFor: string | undefined;
effect(() => {
  const data = dataset.value?.payload_hash;
  if (data && typedFor && data !== typedFor) drafts.value = {}; // what was typed was about other data
  typedFor = data ?? typedFor;
});

let declaredFor: string | null = null;

/** The summaries with their options, whose defaults and choices are made for the data that are open. */
function fetchDeclared(): void {
  const data = dataset.value?.payload_hash;
  if (!data || data === declaredFor) return;
  declaredFor = data;
  fetchSummaries()
    .then((found) => {
      if (data === declaredFor) summaries.value = found;
    })
    .catch((error: Error) => {
      declaredFor = null;
      tell("error", error.message);
    });
}

function askWhatIsChosen(): () => void {
  return effect(() => {
    const summary = chosen.value;
    const data = dataset.value?.payload_hash;
    const wanted = options.value;
    const isDark = dark.value;
    if (!summary || !data || !wanted) return undefined;
    const before = shown.peek();
    const same = before?.id === summary.id && before.data === data;
    const table = same && JSON.stringify(before.options) === JSON.stringify(wanted) ? before.table : null;
    waiting.value = false;
    refusal.value = null;
    if (table && before?.dark === isDark) return undefined;
    const request = { options: wanted, dark: isDark, rows: table === null };
    const leave = new AbortController();
    const ask = (): void => {
      waiting.value = true;
      fetchAnswer(summary.id, request, leave.signal)
        .then((answer) => {
          const id = summary.id;
          shown.value = { id, options: wanted, dark: isDark, data, answer, table: answer.table ?? table };
          refusal.value = null;
          waiting.value = false;
        })
        .catch((error: Error) => {
          if (leave.signal.aborted) return;
          refusal.value = { option: error instanceof Refused ? error.option : "", text: error.message };
          waiting.value = false;
          if (!same) shown.value = null;
        });
    };
    const timer = window.setTimeout(ask, same && table === null ? TYPING_MS : 0);
    return () => {
      window.clearTimeout(timer);
      leave.abort();
    };
  });
}

/** "atypical?top=3" in the address: what is chosen, and the options that are not as declared. */
export const written = (id: string, asked: Options): string => {
  const said = new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, shownAs(value)]));
  return said.size > 0 ? `${id}?${said}` : id;
};

export function read(text: string): { id: string; typed: Typed } {
  const [id = "", said = ""] = text.split(/\?(.*)/s);
  return { id, typed: Object.fromEntries(new URLSearchParams(said)) };
}

inAddress("summary", {
  write: () => {
    const summary = chosen.value;
    if (!onPage.value.has("look") || !summary) return null;
    return written(summary.id, options.value ?? {});
  },
  read: (text) => {
    const said = read(text);
    chosenId.value = said.id;
    drafts.value = { ...drafts.peek(), [said.id]: said.typed };
  },
});

/** The text that stands in the field of an option. */
export function textOf(name: string): string {
  const summary = chosen.value;
  const declared = summary && optionOf(summary, name);
  return typed.value[name] ?? (declared ? shownAs(declared.default) : "");
}
