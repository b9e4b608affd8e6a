// Test rows as images, with what the model takes them for: its mistakes, the surest first, or some drawn at random.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { count } from "../../format";
import { howOf, keep, select, selectedFlags } from "../../selection";
import { className, dataset, hovered, pinned, rowsNoun } from "../../state";
import { Thumb } from "../../ui/thumb";
import { type Judgement, seed, sought } from "./state";
import { drawn, mistakes, type Verdicts } from "./verdicts";

const PAGE = 120;
const RANDOM = 24;
const SIZE = 64;

const most = signal(PAGE);
const onlySelected = signal(false);

export function Mistakes({ of }: { of: Judgement }): JSX.Element {
  const all = useMemo(() => mistakes(of.verdicts), [of]);
  const flags = selectedFlags.value;
  const places = onlySelected.value ? all.filter((i) => flags[of.verdicts.rows[i] as number]) : all;
  return (
    <>
      <div class="images-head">
        <p class="quiet" id="mistakes-says">
          {count(places.length)} of {count(of.judged.n)} test {rowsNoun} taken for another class, those first
          of which the model is surest. A click keeps the image and says why.
        </p>
        <label>
          <input
            type="checkbox"
            id="mistakes-selected"
            checked={onlySelected.value}
            onChange={(event) => {
              onlySelected.value = event.currentTarget.checked;
            }}
          />
          only selected
        </label>
        <button
          type="button"
          id="select-mistakes"
          disabled={places.length === 0}
          onClick={() =>
            select(
              places.map((i) => of.verdicts.rows[i] as number),
              "replace",
              "mistakes selected",
            )
          }
        >
          Select them
        </button>
      </div>
      <Images verdicts={of.verdicts} places={places.slice(0, most.value)} id="mistakes" />
      {places.length > most.value && (
        <button
          type="button"
          class="more-images"
          onClick={() => {
            most.value += PAGE;
          }}
        >
          Show {count(Math.min(PAGE, places.length - most.value))} more
        </button>
      )}
    </>
  );
}

export function RandomRows({ of }: { of: Judgement }): JSX.Element {
  const places = useMemo(() => drawn(of.verdicts, RANDOM, seed.value), [of, seed.value]);
  const right = places.filter((i) => of.verdicts.given[i] === of.verdicts.predicted[i]).length;
  return (
    <>
      <div class="images-head">
        <p class="quiet" id="random-says">
          {places.length} test {rowsNoun} drawn at random, seed {seed}: {right} are taken for what they are.
        </p>
        <button
          type="button"
          id="random-again"
          onClick={() => {
            seed.value += 1;
          }}
        >
          Draw others
        </button>
      </div>
      <Images verdicts={of.verdicts} places={places} id="random" />
    </>
  );
}

function Images({
  verdicts,
  places,
  id,
}: {
  verdicts: Verdicts;
  places: readonly number[];
  id: string;
}): JSX.Element {
  return (
    <ul class="verdict-images" id={id}>
      {places.map((i) => (
        <li key={verdicts.rows[i]}>
          <One verdicts={verdicts} at={i} />
        </li>
      ))}
    </ul>
  );
}

function One({ verdicts, at }: { verdicts: Verdicts; at: number }): JSX.Element {
  const row = verdicts.rows[at] as number;
  const name = (code: number | undefined): string => className(dataset.value?.classes[code ?? -1]);
  const [given, taken] = [name(verdicts.given[at]), name(verdicts.predicted[at])];
  const right = given === taken;
  const sure = sureText(verdicts.confidence[at] as number);
  const says = right
    ? `#${row}: ${given}, and taken for that with ${sure}`
    : `#${row}: ${given}, taken for ${taken} with ${sure}; for ${given} with ${sureText(verdicts.given_confidence[at] as number)}`;
  return (
    <button
      type="button"
      class={right ? "verdict-image" : "verdict-image not-right"}
      data-row={row}
      aria-pressed={pinned.value === row}
      title={says}
      onClick={(event) => {
        const how = howOf(event);
        if (how === "replace") {
          keep(row);
          sought.value = row;
        } else select([row], how, `image ${row}`);
      }}
      onPointerEnter={() => {
        hovered.value = row;
      }}
      onPointerLeave={() => {
        hovered.value = null;
      }}
    >
      <Thumb row={row} size={SIZE} alt={`image ${row}`} />
      <span>
        <bdi>{given}</bdi>
        {!right && (
          <>
            {" → "}
            <b>
              <bdi>{taken}</bdi>
            </b>
          </>
        )}
      </span>
      <small>{sure}</small>
    </button>
  );
}

/** Never rounded up to a certainty that it is not. */
const sureText = (share: number): string =>
  share > 0.99 ? `${(Math.floor(1000 * share) / 10).toFixed(1)} %` : `${Math.floor(100 * share)} %`;
