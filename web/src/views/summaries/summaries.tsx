// The view "Look": the summaries there are, and the chart and table of the one that is chosen.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SummaryRecord } from "../../net/wire";
import { dataset } from "../../state";
import { useSays } from "../registry";
import { Chart } from "./chart";
import type { Spec } from "./fit";
import { choose, chosen, refusal, says, shown, startAsking, summaries, waiting, written } from "./state";
import "./summaries.css";
import { Table } from "./table";

export { Side } from "./side";

export function Stage(): JSX.Element {
  useEffect(startAsking, []);
  useSays(() => says.value);
  return (
    <div class="look">
      <List />
      <Answer />
    </div>
  );
}

/** The summaries of each group, in the app's own order. */
const groups = computed(() => {
  const found = new Map<string, SummaryRecord[]>();
  for (const each of summaries.value) found.set(each.group, [...(found.get(each.group) ?? []), each]);
  return [...found];
});

function List(): JSX.Element {
  const id = chosen.value?.id;
  return (
    <>
      <nav class="look-list" id="summaries" aria-label="Summaries">
        {groups.value.map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            {members.map((each) => (
              <button
                key={each.id}
                type="button"
                data-summary={each.id}
                class={impossible(each) ? "impossible" : ""}
                aria-current={each.id === id ? "true" : undefined}
                title={impossible(each) ? `${each.says} These data are plain values.` : each.says}
                onClick={() => choose(each.id)}
              >
                {each.title}
              </button>
            ))}
          </section>
        ))}
      </nav>
      <label class="look-choice">
        <span class="unseen">Summary</span>
        <select value={id} onChange={(event) => choose(event.currentTarget.value)}>
          {groups.value.map(([group, members]) => (
            <optgroup key={group} label={group}>
              {members.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
    </>
  );
}

const impossible = (summary: SummaryRecord): boolean =>
  summary.of_images && dataset.value?.image_shape === null;

function Answer(): JSX.Element {
  const now = shown.value;
  const summary = chosen.value;
  const current = now?.id === summary?.id;
  const key = now && `${written(now.id, now.options)} ${now.dark ? "dark" : "light"}`;
  const spec = now?.answer.spec as Spec | null | undefined;
  const problem = current ? now?.answer.problem : refusal.value?.text;
  return (
    <div
      class="look-answer"
      id="answer"
      data-shown={now?.id}
      data-state={waiting.value ? "waiting" : "there"}
    >
      {summary && !(current && spec) && (
        <header>
          <h2>{summary.title}</h2>
          <p class="quiet">{current ? now?.answer.caption : summary.says}</p>
        </header>
      )}
      {problem && (
        <p class="look-problem" id="problem" role="status">
          {problem}
        </p>
      )}
      {now && current && (
        <>
          {spec && <Chart spec={spec} says={`${now.answer.title}. ${now.answer.caption}`} id={key ?? ""} />}
          {now.table && <Table key={`${now.id} ${now.data}`} table={now.table} />}
        </>
      )}
      {!current && !problem && <p class="quiet look-wait">Being computed…</p>}
    </div>
  );
}
