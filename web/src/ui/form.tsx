// Another map: the method, its dimensions, the seed and its main option; all other options one click away.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { chosenOptions, DIMENSIONS, dimensionsOf, partsOf, problem, shownAs, type Typed } from "../form";
import { parseSeed } from "../format";
import { said } from "../kept";
import { startOrReuse } from "../live";
import type { MethodRecord, OptionRecord } from "../net/wire";
import { driven, methods, refusal } from "../state";
import { OptionField } from "./field";

/** What this tab has typed for each method, by its id; it stays when another is looked at. */
const drafts = signal<Readonly<Record<string, Typed>>>({});
const picked = signal<string | null>(null);
const moreOpen = signal(false);
const seedTyped = signal<string | null>(null);

export function NewMap(): JSX.Element | null {
  const id = picked.value ?? driven.value?.method ?? methods.value[0]?.id;
  const method = methods.value.find((other) => other.id === id);
  if (!method) return null;
  const typed = drafts.value[method.id] ?? {};
  const seed = seedTyped.value ?? String(driven.value?.seed ?? 0);
  const seeded = method.cost_name !== "";
  const { first, more } = partsOf(method);
  const options = chosenOptions(method, typed);
  const seedValue = seeded ? parseSeed(seed) : 0;
  const refused = refusal.value;
  const placed = refused !== null && method.options.some((option) => option.name === refused.option);
  const run = (event: Event): void => {
    event.preventDefault();
    if (options === null || typeof seedValue === "string") return;
    said(startOrReuse(method.id, seedValue, options, { fromForm: true }));
  };
  return (
    <form class="new-map" id="new-map" onSubmit={run}>
      <h3>Make a map</h3>
      <select
        id="method"
        aria-label="Method"
        value={method.id}
        onChange={(event) => pick(event.currentTarget.value)}
      >
        {methods.value.map((other) => (
          <option key={other.id} value={other.id}>
            {other.title}
          </option>
        ))}
      </select>
      <p class="quiet" id="method-says">
        {method.says}
      </p>
      <div class="field">
        <Dimensions method={method} typed={typed} />
        {seeded && (
          <label class="field">
            <span>seed</span>
            <input
              id="form-seed"
              class="short"
              type="text"
              inputMode="numeric"
              autoComplete="off"
              value={seed}
              aria-invalid={typeof seedValue === "string"}
              onInput={(event) => {
                seedTyped.value = event.currentTarget.value;
              }}
            />
          </label>
        )}
      </div>
      {seeded && typeof seedValue === "string" && <p class="wrong">{seedValue}</p>}
      {first.map((option) => (
        <Field key={option.name} method={method.id} option={option} typed={typed} />
      ))}
      {more.length > 0 && (
        <details
          class="more"
          open={moreOpen.value || more.some((option) => faulty(option, typed))}
          onToggle={(event) => {
            moreOpen.value = event.currentTarget.open;
          }}
        >
          <summary>More options</summary>
          {more.map((option) => (
            <Field key={option.name} method={method.id} option={option} typed={typed} />
          ))}
        </details>
      )}
      {refused !== null && !placed && <p class="wrong">{refused.text}</p>}
      <div class="form-foot">
        <button
          type="submit"
          class="primary"
          id="run"
          disabled={options === null || typeof seedValue === "string"}
        >
          Run
        </button>
        {Object.keys(typed).length > 0 && (
          <button type="button" class="link" id="defaults" onClick={() => change(method.id, {})}>
            defaults
          </button>
        )}
      </div>
    </form>
  );
}

function pick(id: string): void {
  picked.value = id;
  refusal.value = null;
}

function change(method: string, typed: Typed): void {
  drafts.value = { ...drafts.value, [method]: typed };
  refusal.value = null;
}

const faulty = (option: OptionRecord, typed: Typed): boolean =>
  refusal.value?.option === option.name ||
  problem(option, typed[option.name] ?? shownAs(option.default)) !== "";

/** Two or three dimensions, where the method can make both. */
function Dimensions({ method, typed }: { method: MethodRecord; typed: Typed }): JSX.Element {
  const can = dimensionsOf(method);
  const now = Number(typed[DIMENSIONS] ?? can[0]);
  return (
    <fieldset class="switch">
      <legend class="unseen">Dimensions</legend>
      {[2, 3].map((dims) => (
        <label
          key={dims}
          title={
            can.includes(dims)
              ? `A map in ${dims} dimensions`
              : `${method.title} makes no map in ${dims} dimensions`
          }
        >
          <input
            class="unseen"
            type="radio"
            name="dimensions"
            value={dims}
            checked={now === dims}
            disabled={!can.includes(dims)}
            onChange={() => change(method.id, { ...typed, [DIMENSIONS]: String(dims) })}
          />
          {dims}-D
        </label>
      ))}
    </fieldset>
  );
}

/** One option of the method, with what the app refused of it. */
function Field({
  method,
  option,
  typed,
}: {
  method: string;
  option: OptionRecord;
  typed: Typed;
}): JSX.Element {
  const refused = refusal.value?.option === option.name ? refusal.value.text : "";
  return (
    <OptionField
      option={option}
      text={typed[option.name] ?? shownAs(option.default)}
      refused={refused}
      onText={(text) => change(method, { ...typed, [option.name]: text })}
    />
  );
}
