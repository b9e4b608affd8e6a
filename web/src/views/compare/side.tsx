// Beside the panes: the row under the pointer, what one of the views has to say, and several maps at once that differ in
// one thing.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { dimensionsOf, labelOf as nameOf, parse } from "../../form";
import { runWith, said } from "../../kept";
import { runBeside } from "../../live";
import type { MapRequest, OptionRecord } from "../../net/wire";
import { driven, hovered, labelOf, methods } from "../../state";
import { ColourBy } from "../../ui/colour-by";
import { Thumb } from "../../ui/thumb";
import { hasSide, ViewSide } from "../../ui/view";
import { type Standing, StandingContext, viewSays } from "../registry";
import { MOST } from "./contents";
import { attended, change, chosen, views } from "./state";

const IN_A_PANE: Standing = { says: viewSays, alone: false, picture: signal(null) };
const SEED = "seed";

const picked = signal<string | null>(null);
const varied = signal(SEED);
const typed = signal<string | null>(null);
const dims = signal(2);

export function CompareSide(): JSX.Element {
  return (
    <>
      <ColourBy />
      <UnderPointer />
      <OfOneView />
      <Multiples />
    </>
  );
}

/** What stands in the panel for a view that stands in a pane: for the one that was attended to last. */
function OfOneView(): JSX.Element | null {
  const all = views.value.filter((view) => hasSide(view.id));
  const view = all.find(({ id }) => id === attended.value) ?? all[0];
  if (!view) return null;
  return (
    <StandingContext.Provider value={IN_A_PANE}>
      {all.length === 1 ? (
        <h2 class="compare-side">{view.title}</h2>
      ) : (
        <select
          class="compare-side"
          id="compare-side"
          aria-label="The view that this is about"
          value={view.id}
          onChange={(event) => {
            attended.value = event.currentTarget.value;
          }}
        >
          {all.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      )}
      <ViewSide key={view.id} id={view.id} />
    </StandingContext.Provider>
  );
}

function UnderPointer(): JSX.Element | null {
  const row = hovered.value;
  if (row === null) return null;
  return (
    <section class="under" id="under" data-row={row}>
      <h3>Under the pointer</h3>
      <Thumb row={row} size={112} alt={`image ${row}, ${labelOf(row)}`} />
      <p>
        <bdi>{labelOf(row)}</bdi> <span class="quiet">#{row}</span>
      </p>
    </section>
  );
}

/** The values that are usually tried, by the option's name; for others: around its default. */
const USUAL: Readonly<Record<string, string>> = {
  seed: "0, 1, 2, 3, 4, 5",
  perplexity: "5, 15, 30, 50, 100, 200",
  n_neighbors: "3, 5, 15, 30, 50, 100",
};

const usual = (option: OptionRecord | undefined): string => {
  if (!option) return USUAL.seed as string;
  const tried = USUAL[option.name];
  if (tried) return tried;
  if (option.choices.length > 0) return option.choices.slice(0, MOST).map(String).join(", ");
  const middle = Number(option.default ?? option.low ?? 1) || 1;
  const whole = option.kind === "whole";
  const around = [0.25, 0.5, 1, 2, 4, 8].map((factor) =>
    whole ? Math.round(factor * middle) : factor * middle,
  );
  return [...new Set(around)].filter((value) => parse(option, String(value)) !== undefined).join(", ");
};

function Multiples(): JSX.Element | null {
  const method =
    methods.value.find((each) => each.id === (picked.value ?? driven.value?.method)) ?? methods.value[0];
  if (!method) return null;
  const seeded = method.cost_name !== "";
  const options = method.options.filter(
    (option) => option.name !== "n_components" && (option.kind === "number" || option.kind === "whole"),
  );
  const name = varied.value === SEED && !seeded ? (options[0]?.name ?? "") : varied.value;
  const option = options.find((each) => each.name === name);
  const text = typed.value ?? usual(option);
  const values = text.split(/[\s,;]+/).filter((value) => value !== "");
  const wrong = problemOf(values, option);
  const can = dimensionsOf(method);
  const run = (event: Event): void => {
    event.preventDefault();
    const asked = values.map((value) => ({
      method: method.id,
      seed: option ? (driven.value?.seed ?? 0) : Number(value),
      options: {
        ...(option && { [option.name]: parse(option, value) ?? null }),
        n_components: can.includes(dims.value) ? dims.value : 2,
      },
      waits: true,
    }));
    said(makeAll(asked));
  };
  return (
    <form class="new-map" id="multiples" onSubmit={run}>
      <h3>Several at once</h3>
      <p class="quiet">
        Maps that differ in one thing, made one after the other. What all of them show is there; what one
        shows may be chance.
      </p>
      <select
        id="multiples-method"
        aria-label="Method"
        value={method.id}
        onChange={(event) => {
          picked.value = event.currentTarget.value;
          varied.value = SEED;
          typed.value = null;
        }}
      >
        {methods.value.map((other) => (
          <option key={other.id} value={other.id}>
            {other.title}
          </option>
        ))}
      </select>
      <label class="field">
        <span>dimensions</span>
        <select
          id="multiples-dims"
          value={dims.value}
          onChange={(event) => {
            dims.value = Number(event.currentTarget.value);
          }}
        >
          {can.map((count) => (
            <option key={count} value={count}>
              {count}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>vary</span>
        <select
          id="multiples-vary"
          value={name}
          onChange={(event) => {
            varied.value = event.currentTarget.value;
            typed.value = null;
          }}
        >
          {seeded && <option value={SEED}>seed</option>}
          {options.map((each) => (
            <option key={each.name} value={each.name}>
              {nameOf(each)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>values</span>
        <input
          id="multiples-values"
          type="text"
          autoComplete="off"
          value={text}
          aria-invalid={wrong !== ""}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      {wrong !== "" && <p class="wrong">{wrong}</p>}
      <div class="form-foot">
        <button type="submit" class="primary" id="multiples-run" disabled={wrong !== ""}>
          Make {values.length} maps
        </button>
      </div>
    </form>
  );
}

function problemOf(values: readonly string[], option: OptionRecord | undefined): string {
  if (values.length < 1 || values.length > MOST) return `Type 1 to ${MOST} values.`;
  const bad = values.find((value) =>
    option ? parse(option, value) === undefined : !/^\d{1,9}$/.test(value),
  );
  return bad === undefined ? "" : `${bad} is not allowed for ${option ? nameOf(option) : "the seed"}.`;
}

/** Put the maps into the panes, in their order: those that are kept at once, each other one as soon as it begins. */
async function makeAll(asked: readonly MapRequest[]): Promise<void> {
  const runs: number[] = [];
  for (const each of asked) {
    runs.push(await runBeside(() => runWith(each)));
    if (runs.length === 1) change("several maps at once", () => [...runs]);
    else chosen.value = [...runs];
  }
}
