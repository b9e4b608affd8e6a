// The cube that has an axis for every pixel, seen along two of them (C. Olah, "Visualizing MNIST", 2014).

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { fetchMeans } from "../../explorer/api";
import { asBytes, imageRgba } from "../../explorer/colours";
import { ExplorerFrame } from "../../explorer/frame";
import { Plot } from "../../explorer/plot";
import { short } from "../../explorer/scale";
import { shownPixels, shownRow } from "../../explorer/shown";
import { useLoaded } from "../../explorer/use-loaded";
import { count } from "../../format";
import type { DatasetRecord } from "../../net/wire";
import { dataset, labelOf, rowsNoun, splitOf } from "../../state";
import { dark } from "../../theme";
import { classCss } from "../../ui/swatch";
import { useSays } from "../registry";
import {
  all,
  arrayName,
  axes,
  axesCount,
  axisName,
  backdrop,
  FIRST,
  rowsShown,
  setAll,
  setAxes,
  type Way,
} from "./axes";
import { axisOf, type Column } from "./data";
import { Arrow, Picker } from "./picker";
import { useColumns } from "./use-columns";

export function Stage(): JSX.Element | null {
  const facts = dataset.value;
  return facts && <Cube facts={facts} />;
}

function Cube({ facts }: { facts: DatasetRecord }): JSX.Element {
  const columns = useColumns(facts);
  const means = useLoaded(() => (facts.image_shape ? fetchMeans(facts.p) : Promise.resolve([])), [facts]);
  const rows = rowsShown.value;
  const across = useAxis(facts, columns?.across ?? null, 0);
  const up = useAxis(facts, columns?.up ?? null, 1);
  const names = { across: axisName(facts, axes.value.across), up: axisName(facts, axes.value.up) };

  useSays(() => {
    const many = rows < facts.n ? `the first ${count(rows)} of ${count(facts.n)}` : `all ${count(rows)}`;
    const channel = facts.channels === 3 ? " · the red of each pixel" : "";
    const equal = facts.image_shape ? " · equal values at either end stand a little apart" : "";
    return `${many} ${rowsNoun.value} · ${names.across} across, ${names.up} up${channel}${equal}`;
  }, [rows, names.across, names.up, facts]);

  const behind = backdrop.value;
  const pixels = shownPixels.value;
  const mean = means?.at(behind) ?? means?.at(-1);
  const bytes = pixels?.bytes ?? (mean ? asBytes(mean, facts.value_range) : null);
  const invert = facts.ink_is_high !== dark.value;
  const rgba = bytes && facts.image_shape ? imageRgba(bytes, facts.channels, invert) : null;

  const title = facts.image_shape ? "Two pixels as axes" : "Two values as axes";

  return (
    <ExplorerFrame
      head={
        <>
          <h2>{title}</h2>
          <Many facts={facts} />
        </>
      }
      parts={(sizes) => ({
        up: <Chooser facts={facts} way="up" size={sizes.image} rgba={rgba} row={pixels?.row ?? null} />,
        across: (
          <Chooser facts={facts} way="across" size={sizes.image} rgba={rgba} row={pixels?.row ?? null} />
        ),
        plot: (
          <Plot
            id="cube"
            label={`${count(rows)} ${rowsNoun.value} at their values of ${names.across} and ${names.up}`}
            across={across}
            up={up}
            size={sizes.plot}
            bars={facts.image_shape ? "ink" : null}
            title={title}
            titles={{
              across: { name: `${names.across} across`, says: saysOf(facts, axes.value.across) },
              up: { name: `${names.up} up`, says: saysOf(facts, axes.value.up) },
            }}
          />
        ),
        corner: <Readout facts={facts} columns={columns} />,
      })}
    />
  );
}

/** What stands below the name of an axis: where its pixel is, and what lies behind it. */
function saysOf(facts: DatasetRecord, index: number): string[] {
  if (!facts.image_shape) return [];
  const row = shownPixels.value?.row;
  return [arrayName(facts, index), ...(row === undefined ? [] : [`on image #${row}, ${labelOf(row)}`])];
}

/** Where the rows stand along an axis, once its column is here. */
function useAxis(facts: DatasetRecord, column: Column | null, way: 0 | 1) {
  const rows = rowsShown.value;
  const whole = all.value;
  return useMemo(() => column && axisOf(facts, column, way, rows, whole), [facts, column, way, rows, whole]);
}

function Many({ facts }: { facts: DatasetRecord }): JSX.Element | null {
  if (facts.n <= FIRST) return null;
  return (
    <fieldset class="switch">
      <legend class="unseen">How many {rowsNoun}</legend>
      {[false, true].map((whole) => (
        <label key={String(whole)}>
          <input
            class="unseen"
            type="radio"
            name="cube-rows"
            checked={all.value === whole}
            onChange={() => setAll(whole)}
          />
          {whole ? `all ${count(facts.n)}` : `first ${FIRST}`}
        </label>
      ))}
    </fieldset>
  );
}

interface ChooserProps {
  facts: DatasetRecord;
  way: Way;
  size: number;
  rgba: Uint8ClampedArray<ArrayBuffer> | null;
  row: number | null;
}

/** Of images the pixel is chosen on a picture, of plain rows the value by its number. */
function Chooser(props: ChooserProps): JSX.Element {
  const { facts, way } = props;
  if (facts.image_shape) return <Picker {...props} />;
  const most = axesCount(facts) - 1;
  return (
    <label class="value-chooser">
      <Arrow way={way} /> value
      <input
        id={`pick-${way}`}
        type="number"
        min={0}
        max={most}
        value={axes.value[way]}
        data-pixel={axes.value[way]}
        onChange={(event) => {
          const index = event.currentTarget.valueAsNumber;
          if (Number.isInteger(index) && index >= 0 && index <= most) setAxes({ [way]: index });
          else event.currentTarget.value = String(axes.peek()[way]);
        }}
      />
      <span class="quiet">0 to {count(most)}</span>
    </label>
  );
}

/** The row that is shown, and its two values. */
function Readout({
  facts,
  columns,
}: {
  facts: DatasetRecord;
  columns: { across: Column; up: Column } | null;
}): JSX.Element {
  const row = shownRow.value;
  if (row === null) {
    return (
      <p class="quiet">
        {facts.image_shape ? "Point at a dot to see its image on both axes." : "Point at a dot to read it."}
      </p>
    );
  }
  return (
    <div class="readout" id="cube-readout" data-row={row}>
      <p>
        <i class="dot" style={{ background: classCss(row) }} /> <b>{labelOf(row)}</b> #{row}{" "}
        <span class="quiet">{splitOf(row)}</span>
      </p>
      {columns && (
        <p class="quiet">
          <Arrow way="across" /> {short(columns.across.values[row] ?? Number.NaN)}
          {"   "}
          <Arrow way="up" /> {short(columns.up.values[row] ?? Number.NaN)}
        </p>
      )}
    </div>
  );
}
