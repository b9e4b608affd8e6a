// The scores of a lesson: what the document printed, what scikit-learn gives today, and what comes out here, on one scale.

import type { JSX } from "preact";
import { count, duration } from "../../format";
import type { LessonRecord, ModelRecord } from "../../net/wire";
import { dataset } from "../../state";
import { answers, own, run, stop } from "./state";

const WIDE = 200;
const EDGE = 6;

export function Scores({ lessons }: { lessons: readonly LessonRecord[] }): JSX.Element {
  const found = answers.value;
  const theirs = own.value;
  const values = lessons.flatMap((lesson) => [
    ...(theirs ? [lesson.printed, lesson.recomputed] : []),
    found.get(lesson.id)?.facts?.accuracy ?? null,
  ]);
  const known = values.filter((value): value is number => value !== null);
  const [low, high] = known.length > 0 ? bounds(known) : [0, 1];
  return (
    <section class="scores" aria-label="Scores">
      <table>
        <thead>
          <tr>
            <th scope="col">Accuracy on the test rows</th>
            {theirs && (
              <th scope="col">
                <Mark of="printed" /> printed
              </th>
            )}
            {theirs && (
              <th scope="col" title="What scikit-learn 1.9.1 gives by itself">
                <Mark of="recomputed" /> recomputed
              </th>
            )}
            <th scope="col">
              <Mark of="ours" /> here
            </th>
            <th scope="col" class="scale">
              <span>{low.toFixed(2)}</span>
              <span>{high.toFixed(2)}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lessons.map((lesson) => (
            <Score
              key={lesson.id}
              lesson={lesson}
              model={found.get(lesson.id)}
              place={(value) => EDGE + ((value - low) / (high - low)) * (WIDE - 2 * EDGE)}
            />
          ))}
        </tbody>
      </table>
      {!theirs && (
        <p class="quiet">
          The printed numbers are of MNIST; on {dataset.value?.name ?? "other data"} there is nothing to
          compare with.
        </p>
      )}
    </section>
  );
}

/** How it is marked on the scale. */
function Mark({ of }: { of: "printed" | "recomputed" | "ours" }): JSX.Element {
  return (
    <svg class="score-mark" width={12} height={12} aria-hidden="true">
      {of === "recomputed" ? (
        <path class={of} d="M6 0V12" />
      ) : (
        <circle class={of} cx={6} cy={6} r={of === "printed" ? 5 : 4} />
      )}
    </svg>
  );
}

const bounds = (values: readonly number[]): [number, number] => [
  Math.floor(50 * Math.min(...values) - 0.25) / 50,
  Math.min(1, Math.ceil(50 * Math.max(...values) + 0.25) / 50),
];

interface ScoreProps {
  lesson: LessonRecord;
  model: ModelRecord | undefined;
  place: (value: number) => number;
}

function Score({ lesson, model, place }: ScoreProps): JSX.Element {
  const facts = model?.facts;
  const theirs = own.value;
  const { printed, recomputed } = lesson;
  return (
    <tr data-lesson={lesson.id} data-status={model?.status ?? ""}>
      <th scope="row">{lesson.says}</th>
      {theirs && <td>{printed === null ? "–" : printed.toFixed(4)}</td>}
      {theirs && <td>{recomputed === null ? "–" : recomputed.toFixed(4)}</td>}
      <td class="here">
        <Here lesson={lesson} model={model} />
      </td>
      <td class="scale">
        <svg width={WIDE} height={24} aria-hidden="true">
          <line class="ground" x1={EDGE} x2={WIDE - EDGE} y1={12} y2={12} />
          {theirs && recomputed !== null && <path class="recomputed" d={`M${place(recomputed)} 4V20`} />}
          {theirs && printed !== null && <circle class="printed" cx={place(printed)} cy={12} r={5} />}
          {facts && facts.low !== null && facts.high !== null && (
            <path class="interval" d={`M${place(facts.low)} 12H${place(facts.high)}`} />
          )}
          {facts && <circle class="ours" cx={place(facts.accuracy)} cy={12} r={4} />}
        </svg>
      </td>
    </tr>
  );
}

function Here({ lesson, model }: { lesson: LessonRecord; model: ModelRecord | undefined }): JSX.Element {
  if (model?.status === "done" && model.facts) {
    const { accuracy, n_train, n_test, seconds } = model.facts;
    return (
      <span
        title={[`${count(n_train)} training rows, ${count(n_test)} test rows`, ...model.notes].join(". ")}
      >
        <b>{accuracy.toFixed(4)}</b> <small>{seconds < 1 ? "<1 s" : duration(seconds)}</small>
      </span>
    );
  }
  if (model?.status === "queued" || model?.status === "training") {
    const left = model.seconds_left === null ? "" : `, ${duration(model.seconds_left)} left`;
    const stage = model.status === "queued" ? "waits" : model.stage || "begins";
    return (
      <span class="going">
        <small>
          {stage}
          {left}
        </small>
        <button type="button" onClick={() => void stop(model.id)}>
          Stop
        </button>
      </span>
    );
  }
  return (
    <span class="going">
      {model && <small title={model.message}>{model.status}</small>}
      <button type="button" data-run={lesson.id} onClick={() => void run(lesson)}>
        {model ? "Run again" : "Run"}
      </button>
    </span>
  );
}
