// Why this class and not that one, of the image that is kept: what each class gets, which pixels say so, what is lost where
// the image is covered, and the training images most like it.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { largest, perPixel, signedRgba } from "../../explorer/colours";
import { Picture } from "../../explorer/picture";
import { useLoaded } from "../../explorer/use-loaded";
import type { ExplainedRecord, ModelRecord } from "../../net/wire";
import { classColour, css } from "../../palette";
import { keep } from "../../selection";
import { className, dataset, hovered, images, rowsNoun } from "../../state";
import { dark, ground } from "../../theme";
import { classCss } from "../../ui/swatch";
import { Thumb } from "../../ui/thumb";
import { fetchExplained, fetchOcclusion } from "./api";
import { sought } from "./state";
import { tenth } from "./words";

const SIZE = 132;
const SMALL = 40;
const MOST_BARS = 10;

/** Which two classes are held against each other, by code; null: the predicted one, and the next. */
const asked = signal<{ label: number | null; other: number | null }>({ label: null, other: null });

export function Why({ model, row }: { model: ModelRecord; row: number }): JSX.Element {
  const { label, other } = asked.value;
  useEffect(() => {
    asked.value = { label: null, other: null };
  }, [row, model.id]);
  const found = useLoaded(
    async () => ({ model: model.id, of: await fetchExplained(model.id, row, label, other) }),
    [model.id, row, label, other],
  );
  const current = found?.model === model.id && found.of.row === row ? found.of : null;
  const section = useRef<HTMLElement>(null);
  const wanted = sought.value === row && current !== null;
  useEffect(() => {
    if (!wanted) return;
    sought.value = null;
    section.current?.scrollIntoView({ block: "start" });
  }, [wanted]);
  return (
    <section
      ref={section}
      class="why"
      id="why"
      data-row={current?.row}
      data-model={found?.model}
      aria-label="Why this class"
    >
      {current ? <Said model={model} of={current} /> : <p class="quiet">Asking the model…</p>}
    </section>
  );
}

function Said({ model, of }: { model: ModelRecord; of: ExplainedRecord }): JSX.Element {
  const right = of.given === of.predicted;
  return (
    <>
      <h3>
        Taken for <bdi>{className(of.predicted)}</bdi>
        {of.given !== "" &&
          (right ? (
            ", which it is"
          ) : (
            <>
              , given as <bdi>{className(of.given)}</bdi>
            </>
          ))}
      </h3>
      {of.trained_on && (
        <p class="judged-warning">
          The model was trained on this very image: what it says shows what it has learnt by heart.
        </p>
      )}
      <Bars of={of} />
      <Pair of={of} />
      <Maps model={model} of={of} />
      <Nearest of={of} />
    </>
  );
}

function Bars({ of }: { of: ExplainedRecord }): JSX.Element {
  const names = dataset.value?.classes ?? [];
  const order = [...of.probability.keys()].sort(
    (a, b) => (of.probability[b] as number) - (of.probability[a] as number) || a - b,
  );
  return (
    <ul class="bars" id="why-bars">
      {order.slice(0, MOST_BARS).map((code) => (
        <li key={code}>
          <bdi>{className(names[code])}</bdi>
          <i
            style={{
              width: `${100 * (of.probability[code] as number)}%`,
              background: css(classColour(code, names.length)),
            }}
          />
          <span>{tenth(of.probability[code] as number)}</span>
        </li>
      ))}
    </ul>
  );
}

function Pair({ of }: { of: ExplainedRecord }): JSX.Element {
  const names = dataset.value?.classes ?? [];
  const choice = (id: string, value: string, not: string, put: (code: number) => void): JSX.Element => (
    <select
      id={id}
      aria-label={id === "why-label" ? "Why this class" : "And not that one"}
      value={names.indexOf(value)}
      onChange={(event) => put(Number(event.currentTarget.value))}
    >
      {names.map((name, code) => (
        <option key={name} value={code} disabled={name === not}>
          {className(name)}
        </option>
      ))}
    </select>
  );
  const [label, other] = [names.indexOf(of.label), names.indexOf(of.other)];
  return (
    <>
      <p class="why-pair">
        <span>Why</span>
        {choice("why-label", of.label, of.other, (code) => {
          asked.value = { label: code, other };
        })}
        <span>and not</span>
        {choice("why-other", of.other, of.label, (code) => {
          asked.value = { label, other: code };
        })}
      </p>
      <p class="quiet" id="why-margin">
        {tenth(of.probability[label] ?? 0)} against {tenth(of.probability[other] ?? 0)}: a margin of{" "}
        {tenth(of.margin)}.
      </p>
    </>
  );
}

function Maps({ model, of }: { model: ModelRecord; of: ExplainedRecord }): JSX.Element | null {
  const facts = dataset.value;
  const shape = facts?.image_shape;
  const names = facts?.classes ?? [];
  const [label, other] = [names.indexOf(of.label), names.indexOf(of.other)];
  const loss = useLoaded(
    async () => (shape ? { of, values: await fetchOcclusion(model.id, of.row, label, other) } : null),
    [model.id, of],
  );
  const pixels = useLoaded(async () => ({ row: of.row, values: await images.value?.load(of.row) }), [of.row]);
  if (!facts || !shape) return null;
  const values = pixels?.row === of.row ? pixels.values : undefined;
  const beneath = values
    ? perPixel(values, facts.channels).map((value) => (facts.ink_is_high ? value : 255 - value) / 255)
    : null;
  const picture = (id: string, weights: Float32Array, says: string): JSX.Element => (
    <Picture
      id={id}
      rgba={signedRgba(weights, largest(weights), ground.value, dark.value ? "dark" : "light", beneath)}
      shape={shape}
      size={SIZE}
      alt={says}
      row={of.row}
    />
  );
  const [a, b] = [className(of.label), className(of.other)];
  return (
    <div class="why-maps">
      {of.evidence && (
        <figure>
          {picture(
            "why-evidence",
            perPixel(of.evidence, facts.channels),
            `Pixels that speak for ${a} in blue, for ${b} in red`,
          )}
          <figcaption>
            pixels that speak for <bdi>{a}</bdi> in blue, for <bdi>{b}</bdi> in red
          </figcaption>
        </figure>
      )}
      <figure>
        {loss?.of === of ? (
          picture(
            "why-occlusion",
            loss.values,
            `Where covering the image takes from ${a} in blue, from ${b} in red`,
          )
        ) : (
          <div class="why-wait quiet">covering parts of it…</div>
        )}
        <figcaption>
          what <bdi>{a}</bdi> loses against <bdi>{b}</bdi> where it is covered: blue; what it gains: red
        </figcaption>
      </figure>
    </div>
  );
}

function Nearest({ of }: { of: ExplainedRecord }): JSX.Element {
  const shape = dataset.value?.image_shape;
  return (
    <>
      <h3>Nearest training {rowsNoun}</h3>
      <ul class="strip" id="why-nearest">
        {of.nearest.map(({ row, label, distance }) => (
          <li key={row}>
            <button
              type="button"
              class="strip-image"
              style={{ borderColor: classCss(row) }}
              title={`#${row}, ${className(label)}, RMS distance ${distance.toPrecision(4)}`}
              onClick={() => keep(row)}
              onPointerEnter={() => {
                hovered.value = row;
              }}
              onPointerLeave={() => {
                hovered.value = null;
              }}
            >
              {shape ? (
                <Thumb row={row} size={SMALL - 4} alt={`image ${row}, ${className(label)}`} />
              ) : (
                className(label)
              )}
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet">
        {of.nearest.filter(({ label }) => label === of.predicted).length} of these {of.nearest.length} are of
        the class that it is taken for.
      </p>
    </>
  );
}
