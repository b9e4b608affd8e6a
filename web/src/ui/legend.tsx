// The legend: real checkboxes in the colours of their classes, or the scale of the value that the colours say.

import type { JSX } from "preact";
import { useContext, useRef } from "preact/hooks";
import { count, number } from "../format";
import { classOfDigit, isolateClass, toggleClass } from "../legend";
import { classColour, css } from "../palette";
import { howOf, selectClasses } from "../selection";
import { className, dataset, hidden, type PointValues, pointValues, rowsNoun, spotlight } from "../state";
import { ramp } from "../theme";
import { StandingContext } from "../views/registry";

const REST_MS = 140; // a pointer that only passes over the legend lights nothing

/** `id` where it does not stand on the map. Beside other views it stands once for all of them. */
export function Legend({ id = "legend" }: { id?: string }): JSX.Element | null {
  const scale = pointValues.value;
  if (!useContext(StandingContext).alone) return null;
  if (!scale) return <ClassLegend id={id} />;
  const own = id === "legend" ? "" : `${id}-`;
  return scale.names ? (
    <NameScale id={`${own}name-scale`} scale={scale} names={scale.names} />
  ) : (
    <ValueScale id={`${own}value-scale`} scale={scale} />
  );
}

/** Which colour is which text. */
function NameScale({
  id,
  scale,
  names,
}: {
  id: string;
  scale: PointValues;
  names: readonly string[];
}): JSX.Element {
  return (
    <figure class="name-scale" id={id}>
      <figcaption>{scale.name}</figcaption>
      <ul>
        {names.map((name, code) => (
          <li key={name}>
            <i class="dot" style={{ background: css(classColour(code, names.length)) }} />
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** The ramp with its name and the numbers at its low end, middle and high end. */
function ValueScale({ id, scale }: { id: string; scale: PointValues }): JSX.Element {
  const { name, low, high } = scale;
  const missing = scale.values.some(Number.isNaN);
  return (
    <figure class="value-scale" id={id}>
      <figcaption>
        {name}
        {missing && <span> · grey: unknown</span>}
      </figcaption>
      <div
        class="value-ramp"
        style={{ backgroundImage: `linear-gradient(to right, ${ramp.value.map(css).join(", ")})` }}
      />
      <p>
        {[low, (low + high) / 2, high].map((value) => (
          <span key={value}>{number(value)}</span>
        ))}
      </p>
    </figure>
  );
}

export function ClassLegend({ id }: { id: string }): JSX.Element | null {
  const facts = dataset.value;
  const timer = useRef<number | undefined>(undefined);
  if (!facts || facts.classes.length === 0) return null;
  const light = (code: number | null): void => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      spotlight.value = code;
    }, REST_MS);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    const code = classOfDigit(facts.classes, event.key);
    if (code < 0) return;
    event.preventDefault();
    toggleClass(code);
  };
  return (
    <fieldset class="legend" id={id} onKeyDown={onKeyDown} onPointerLeave={() => light(null)}>
      <legend class="unseen">
        Classes. Click switches one off and on, a double click shows it alone, Shift and a click, or Enter,
        select it.
      </legend>
      {facts.classes.map((name, code) => (
        <label
          key={name}
          class="class"
          title={`${className(name)}: ${count(facts.counts[code] ?? 0)} ${rowsNoun.value}. Double click: only these. Shift and click: select them.`}
          data-code={code}
          onPointerEnter={() => light(hidden.value.has(code) ? null : code)}
          onClick={(event) => {
            if (!event.shiftKey) return;
            event.preventDefault();
            selectClasses([code], howOf(event));
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            selectClasses([code], howOf(event));
          }}
          onDblClick={(event) => {
            event.preventDefault();
            isolateClass(code);
          }}
        >
          <input
            type="checkbox"
            checked={!hidden.value.has(code)}
            style={{ "--colour": css(classColour(code, facts.classes.length)) }}
            onChange={() => toggleClass(code)}
          />
          <bdi>{className(name)}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
