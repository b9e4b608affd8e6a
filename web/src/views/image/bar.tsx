// Above the pictures: which image it is, the way to the next one, and what can be copied of it.

import type { JSX } from "preact";
import { leftOut } from "../../filter";
import { count } from "../../format";
import { catalogue } from "../../open";
import { selected } from "../../selection";
import { next, showRow } from "../../show";
import { codes, dataset, labelOf, tell } from "../../state";
import { Icon } from "../../ui/icons";
import { classCss } from "../../ui/swatch";
import { channel, pixel, row, shape, shares, values } from "./looked";
import { csv, indexOf, nested, placeOf } from "./pixel";

const CHANNELS = ["red", "green", "blue"];

export function Bar(): JSX.Element | null {
  const at = row.value;
  const facts = dataset.value;
  if (at === null || !facts) return null;
  const among = selected.value.length > 0 ? "the selection" : "its class";
  const go = (step: 1 | -1): void => {
    const to = next(at, step, selected.value, codes.value, leftOut.value);
    if (to !== null) showRow(to);
  };
  return (
    <div class="inspector-bar" role="toolbar" aria-label="One image">
      <button
        type="button"
        id="image-before"
        title={`The one before in ${among} ([)`}
        aria-label={`The one before in ${among}`}
        onClick={() => go(-1)}
      >
        ‹
      </button>
      <button
        type="button"
        id="image-next"
        title={`The next in ${among} (])`}
        aria-label={`The next in ${among}`}
        onClick={() => go(1)}
      >
        ›
      </button>
      <p id="inspector-says">
        <b>#{at}</b> <span>→</span> {count(facts.p)} values <span>→</span>{" "}
        <i class="dot" style={{ background: classCss(at) }} /> <bdi>{labelOf(at)}</bdi>
      </p>
      {shape.value?.channels === 3 && <Channels />}
      {shape.value && <Scale />}
      <Copies />
    </div>
  );
}

function Channels(): JSX.Element {
  return (
    <select
      id="inspector-channel"
      aria-label="The numbers are of"
      value={channel.value}
      onChange={(event) => {
        channel.value = Number(event.currentTarget.value);
        const at = pixel.value === null || !shape.value ? null : placeOf(pixel.value, shape.value);
        if (at && shape.value) pixel.value = indexOf(at.row, at.column, channel.value, shape.value);
      }}
    >
      {CHANNELS.map((name, code) => (
        <option key={name} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** The scale of the numbers, as a ramp from paper to ink. */
function Scale(): JSX.Element {
  return (
    <select
      id="inspector-scale"
      aria-label="Scale of the numbers"
      value={shares.value ? "shares" : "own"}
      onChange={(event) => {
        shares.value = event.currentTarget.value === "shares";
      }}
    >
      <option value="own">as in the data</option>
      <option value="shares">from 0 to 1</option>
    </select>
  );
}

function Copies(): JSX.Element {
  const form = shape.value;
  const at = row.value ?? 0;
  const own = values.value?.own ?? [];
  return (
    <div class="inspector-copies">
      <button
        type="button"
        id="copy-python"
        title="Copy the Python that gives this image"
        onClick={() => copy(python(at), "The Python")}
      >
        <Icon name="copy" /> Python
      </button>
      <button
        type="button"
        id="copy-values"
        title="Copy its label and values as a table of one row"
        onClick={() => copy(csv(labelOf(at), own), "The values")}
      >
        <Icon name="copy" /> values
      </button>
      {form && (
        <button
          type="button"
          id="copy-matrix"
          title="Copy the matrix as nested brackets"
          onClick={() => copy(nested(own, form), "The matrix")}
        >
          <Icon name="copy" /> matrix
        </button>
      )}
    </div>
  );
}

function copy(text: string, what: string): void {
  navigator.clipboard
    .writeText(text)
    .then(() => tell("info", `${what} is in the clipboard.`.replace("values is", "values are")))
    .catch(() => tell("warning", "The browser did not allow copying. Click into the page and try again."));
}

/** The lines of Python that give this image. What was opened by a path is known to the person alone. */
export function python(at: number): string {
  const facts = dataset.value;
  const entry = catalogue.value?.entries.find(({ title }) => title === facts?.name);
  const thing = entry ? JSON.stringify(entry.key) : '"…"  # the path that you opened';
  const open = entry ? `ds = snowdome.open(${thing})` : `ds = snowdome.open(${thing.replace("  #", ")  #")}`;
  const size = facts?.image_shape
    ? `(${facts.image_shape.join(", ")}${facts.channels === 3 ? ", 3" : ""})`
    : `(${facts?.p},)`;
  const lines = ["import snowdome", "", open, `item = ds[${at}]`, `item.image  # ${size}`];
  return [...lines, ...(facts?.classes.length ? ["ds.classes[item.label]"] : []), ""].join("\n");
}
