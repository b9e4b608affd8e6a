// The choice of what the dots are coloured by, and what those colours mean.

import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { CLASS, choices, colourBy, colouringSays, colourThemBy } from "../points";
import { shown } from "../state";
import { StandingContext } from "../views/registry";

export function ColourBy(): JSX.Element | null {
  const { alone } = useContext(StandingContext);
  if (!shown.value || !alone) return null; // beside other views it stands once for all of them
  const { map, data } = choices.value;
  const known = [...map, ...data].some((choice) => choice.id === colourBy.value);
  return (
    <section class="colour-by" aria-label="Colours">
      <label class="field">
        <span>colour by</span>
        <select
          id="colour-by"
          value={known ? colourBy.value : CLASS}
          onChange={(event) => colourThemBy(event.currentTarget.value)}
        >
          <option value={CLASS}>class</option>
          <Choices title="of this map" all={map} />
          <Choices title="of the data" all={data} />
        </select>
      </label>
      {known && colouringSays.value && <p class="quiet">{colouringSays}</p>}
    </section>
  );
}

function Choices({
  title,
  all,
}: {
  title: string;
  all: readonly { id: string; name: string }[];
}): JSX.Element | null {
  if (all.length === 0) return null;
  return (
    <optgroup label={title}>
      {all.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
