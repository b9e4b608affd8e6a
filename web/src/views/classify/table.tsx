// All models beside each other: how often they are right, within which interval, and what that costs. The best come first.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { bytes, count } from "../../format";
import { chosenModel, isReady, modelInUse, modelName, models } from "../../models";
import type { ModelRecord } from "../../net/wire";
import { Icon } from "../../ui/icons";
import { Actions } from "./actions";
import { kinds } from "./state";
import { chosenText, foldsText, percent, seconds, seedsText, trainingState } from "./words";

type Column = "name" | "accuracy" | "seconds" | "bytes";

const sorting = signal<Column>("accuracy");
const FIRST_UP: Readonly<Record<Column, (model: ModelRecord) => number>> = {
  name: (model) => models.value.indexOf(model),
  accuracy: (model) => -(model.facts?.accuracy ?? 2),
  seconds: (model) => model.facts?.seconds ?? -1,
  bytes: (model) => model.facts?.bytes ?? -1,
};

/** Those that are on their way stand first, then the others by the column. */
const inOrder = (all: readonly ModelRecord[], by: Column): ModelRecord[] =>
  [...all].sort((a, b) => FIRST_UP[by](a) - FIRST_UP[by](b) || all.indexOf(b) - all.indexOf(a));

export function ModelTable(): JSX.Element {
  const all = inOrder(models.value, sorting.value);
  const scale = scaleOf(all);
  const folds = all.some((model) => (model.facts?.folds.length ?? 0) > 0);
  const seeds = all.some((model) => (model.facts?.seeds.length ?? 0) > 0);
  return (
    <div class="models" id="models">
      <table>
        <thead>
          <tr>
            <Head column="name" title="model" says="In the order in which they were trained" />
            <Head
              column="accuracy"
              title="accuracy on the test rows"
              says="With its 95 % interval: models whose intervals overlap were not told apart by these rows"
            />
            <th
              scope="col"
              title="Right on the rows it was trained on: far above the other, it has learnt them by heart"
            >
              on training
            </th>
            {folds && (
              <th scope="col" title="Mean and standard deviation over the folds of the training rows">
                folds
              </th>
            )}
            {seeds && (
              <th
                scope="col"
                title="Mean and standard deviation over this fit and those with other seeds, on the test rows"
              >
                seeds
              </th>
            )}
            <Head column="seconds" title="fit" says="How long the fit took" />
            <Head column="bytes" title="size" says="What its numbers take" />
            <th scope="col">
              <span class="unseen">actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {all.map((model) => (
            <Line key={model.id} model={model} scale={scale} folds={folds} seeds={seeds} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ column, title, says }: { column: Column; title: string; says: string }): JSX.Element {
  const mine = sorting.value === column;
  return (
    <th
      scope="col"
      aria-sort={mine ? (column === "accuracy" ? "descending" : "ascending") : "none"}
      title={says}
    >
      <button
        type="button"
        class="plain"
        onClick={() => {
          sorting.value = column;
        }}
      >
        {title}
        {mine && <Icon name={column === "accuracy" ? "downward" : "up"} />}
      </button>
    </th>
  );
}

interface LineProps {
  model: ModelRecord;
  scale: readonly [number, number];
  folds: boolean;
  seeds: boolean;
}

function Line({ model, scale, folds, seeds }: LineProps): JSX.Element {
  const facts = model.facts;
  const inUse = modelInUse.value?.id === model.id;
  return (
    <tr data-model={model.id} data-status={model.status} aria-current={inUse ? "true" : undefined}>
      <th scope="row">
        <button
          type="button"
          class="plain model-name"
          disabled={!isReady(model)}
          title={saysOf(model)}
          onClick={() => use(model)}
        >
          <i class={inUse ? "mark-in-use on" : "mark-in-use"} aria-hidden="true" />
          <span>
            <b>{modelName(model)}</b>
            <small>{detailOf(model)}</small>
          </span>
        </button>
      </th>
      {facts && model.status === "done" ? (
        <>
          <td class="accuracy">
            <span>{percent(facts.accuracy)}</span>
            <Interval facts={facts} scale={scale} />
          </td>
          <td>{facts.train_accuracy === null ? "–" : percent(facts.train_accuracy)}</td>
          {folds && <td>{foldsText(facts) || "–"}</td>}
          {seeds && <td>{seedsText(facts) || "–"}</td>}
          <td>{seconds(facts.seconds)}</td>
          <td>{facts.bytes === null ? "–" : bytes(facts.bytes)}</td>
        </>
      ) : (
        <td colSpan={4 + Number(folds) + Number(seeds)} class="model-state">
          <State model={model} />
        </td>
      )}
      <td class="model-actions">
        <Actions model={model} />
      </td>
    </tr>
  );
}

/** The model in use, where there is no room for the table. */
export function ModelChoice(): JSX.Element {
  const ready = inOrder(models.value.filter(isReady), sorting.value);
  return (
    <label class="model-choice">
      <span class="unseen">Model</span>
      <select
        value={modelInUse.value?.id}
        onChange={(event) => {
          chosenModel.value = event.currentTarget.value;
        }}
      >
        {ready.map((model) => (
          <option key={model.id} value={model.id}>
            {modelName(model)} · {percent(model.facts?.accuracy ?? 0)}
          </option>
        ))}
      </select>
    </label>
  );
}

function use(model: ModelRecord): void {
  chosenModel.value = model.id;
}

const saysOf = (model: ModelRecord): string =>
  model.misfit ||
  [model.title, model.says, model.of, ...model.notes].filter((part) => part !== "").join(". ");

function detailOf(model: ModelRecord): string {
  const kind = kinds.value?.kinds.find((each) => each.id === model.kind);
  const prepared = kinds.value?.preparation.map((option) =>
    option.name === "scale" ? { name: "scale", default: kind?.scale } : option,
  );
  return [
    model.name ? model.title : "",
    chosenText(model.options, kind?.options ?? []),
    chosenText(model.preparation, prepared ?? []),
    model.of,
    model.other ? `of ${model.other}` : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function State({ model }: { model: ModelRecord }): JSX.Element {
  const [now, setNow] = useState(Date.now);
  const busy = model.status === "training";
  useEffect(() => {
    if (!busy) return undefined;
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [busy]);
  if (model.status === "failed" || model.status === "stopped")
    return <span class={model.status === "failed" ? "wrong" : "quiet"}>{model.message}</span>;
  return (
    <>
      {busy && (
        <progress
          aria-label="How far the training is"
          max={1}
          value={model.total > 1 ? model.done / model.total : undefined}
        />
      )}
      <span class="quiet">{trainingState(model, Math.max(now, Date.now()))}</span>
    </>
  );
}

/** The span of the intervals of all models. */
function scaleOf(all: readonly ModelRecord[]): readonly [number, number] {
  const ends = all.flatMap(({ facts }) =>
    facts ? [facts.low ?? facts.accuracy, facts.high ?? facts.accuracy] : [],
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.08 * (high - low) + 0.002;
  return [low - room, high + room];
}

const WIDTH = 96;

function Interval({
  facts,
  scale,
}: {
  facts: NonNullable<ModelRecord["facts"]>;
  scale: readonly [number, number];
}): JSX.Element | null {
  const { low, high, accuracy } = facts;
  if (low === null || high === null) return null;
  const x = (value: number): number => (WIDTH * (value - scale[0])) / (scale[1] - scale[0]);
  return (
    <svg
      class="interval"
      width={WIDTH}
      height={12}
      role="img"
      aria-label={`${percent(low)} to ${percent(high)} at 95 %`}
    >
      <title>{`${percent(low)} to ${percent(high)} at 95 %, ${count(facts.n_test)} test rows`}</title>
      <line x1={x(low)} x2={x(high)} y1={6} y2={6} />
      <circle cx={x(accuracy)} cy={6} r={3} />
    </svg>
  );
}
