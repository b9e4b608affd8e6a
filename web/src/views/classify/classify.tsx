// The view of models: all of them in one table, and below it what is known of the one in use.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { count } from "../../format";
import { modelInUse, modelName, models } from "../../models";
import { dataset, rowsNoun } from "../../state";
import { useSays } from "../registry";
import { Calibration } from "./calibration";
import "./classify.css";
import "./table.css";
import "./judged.css";
import "./matrix.css";
import "./mistakes.css";
import "./charts.css";
import "./side.css";
import "./narrow.css";
import { Matrix } from "./confusion";
import { LearningCurve } from "./learning-curve";
import { Mistakes, RandomRows } from "./mistakes";
import { judgement, type Part, part, startJudging, trouble } from "./state";
import { ModelChoice, ModelTable } from "./table";
import { Threshold } from "./threshold";
import { Weights } from "./weights";
import { percent } from "./words";

const TITLES: Readonly<Record<Part, string>> = {
  matrix: "Confusion",
  mistakes: "Mistakes",
  random: "Random rows",
  threshold: "Threshold",
  calibration: "Calibration",
  curve: "Learning curve",
  weights: "Weights",
};

export function Classify(): JSX.Element {
  useEffect(startJudging, []);
  useSays(() => {
    const model = modelInUse.value;
    const facts = model?.facts;
    return model && facts
      ? `${modelName(model)}: ${percent(facts.accuracy)} of ${count(facts.n_test)} test ${rowsNoun.value} right · trained on ${count(facts.n_train)} · ${model.says}`
      : "no model yet";
  });
  return (
    <div class="classify">
      {models.value.length === 0 ? <Invitation /> : <ModelTable />}
      {modelInUse.value && <ModelChoice />}
      {modelInUse.value && <Judged />}
    </div>
  );
}

function Invitation(): JSX.Element {
  const none = dataset.value?.counts.every((each) => each === 0);
  return (
    <div class="classify-none" id="no-model">
      <h2>No model yet</h2>
      <p class="quiet">
        {none
          ? "These data have no labels to learn from. Open them with the column that holds the labels."
          : "Choose a kind at the right and train it: a nearest centroid takes a moment, and most others less than a minute."}
      </p>
    </div>
  );
}

function Judged(): JSX.Element {
  const model = modelInUse.value;
  const there = judgement.value;
  const failed = trouble.value?.model === model?.id ? trouble.value : null;
  const parts = (Object.keys(TITLES) as Part[]).filter(
    (each) => (each !== "weights" || model?.weights) && (each !== "curve" || !model?.id.includes("@")),
  );
  const now = parts.includes(part.value) ? part.value : "matrix";
  return (
    <section class="judged" id="judged" data-model={there?.model} data-part={now} aria-label="What it does">
      <div
        class="parts"
        role="tablist"
        aria-label="What is looked at"
        onKeyDown={(event) => turn(event, parts, now)}
      >
        {parts.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`part-${each}`}
            aria-selected={each === now}
            tabIndex={each === now ? 0 : -1}
            onClick={() => {
              part.value = each;
            }}
          >
            {TITLES[each]}
          </button>
        ))}
      </div>
      <div class="part" role="tabpanel" aria-labelledby={`part-${now}`}>
        {failed && (
          <p class="wrong" role="alert">
            {failed.text}
          </p>
        )}
        {there?.judged.warning && <p class="judged-warning">{there.judged.warning}</p>}
        {!there && !failed && <p class="quiet">The test rows are being judged…</p>}
        {there && now === "matrix" && <Matrix of={there} />}
        {there && now === "mistakes" && <Mistakes of={there} />}
        {there && now === "random" && <RandomRows of={there} />}
        {there && now === "threshold" && <Threshold of={there} />}
        {there && now === "calibration" && <Calibration of={there} />}
        {model && now === "curve" && <LearningCurve model={model} />}
        {model && now === "weights" && <Weights model={model} />}
      </div>
    </section>
  );
}

/** The arrow keys go from tab to tab. */
function turn(event: KeyboardEvent, parts: readonly Part[], now: Part): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = parts[(parts.indexOf(now) + step + parts.length) % parts.length] as Part;
  part.value = next;
  document.querySelector<HTMLElement>(`#part-${next}`)?.focus();
}
