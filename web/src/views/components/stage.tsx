// Any two principal components as axes, each shown as what it looks at (C. Olah, "Visualizing MNIST", 2014).

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type Components, fetchScores } from "../../explorer/api";
import { largest, perPixel, signedRgba } from "../../explorer/colours";
import { ExplorerFrame } from "../../explorer/frame";
import { Picture } from "../../explorer/picture";
import { Plot } from "../../explorer/plot";
import type { AxisTitle } from "../../explorer/plot-picture";
import { fittedAxis, short } from "../../explorer/scale";
import { shownPixels, shownRow } from "../../explorer/shown";
import { useLoaded } from "../../explorer/use-loaded";
import { count } from "../../format";
import type { DatasetRecord } from "../../net/wire";
import { dataset, labelOf, rowsNoun, splitOf } from "../../state";
import { dark, ground } from "../../theme";
import { classCss } from "../../ui/swatch";
import { useSays } from "../registry";
import { choice, choose, componentName, type Way, within } from "./axes";
import { Bars } from "./bars";
import { useSpace } from "./use-space";
import "./components.css";

export function Stage(): JSX.Element | null {
  const facts = dataset.value;
  return facts && <Explorer facts={facts} />;
}

function Explorer({ facts }: { facts: DatasetRecord }): JSX.Element {
  const space = useSpace(facts);
  const { across, up } = within(choice.value, space?.count ?? 1);
  const scores = useLoaded(async () => {
    if (!space) return null;
    const [first, second] = await Promise.all([fetchScores(across), fetchScores(up)]);
    return { first, second, across, up };
  }, [space, across, up]);
  const axisAcross = useMemo(() => (scores ? fittedAxis(scores.first, facts.n) : null), [scores]);
  const axisUp = useMemo(() => (scores ? fittedAxis(scores.second, facts.n) : null), [scores]);

  useSays(() => {
    if (!space) return "finding components";
    const share = [across, up].map((c) => percent(space.shares[c] ?? 0)).join(" and ");
    const which = `components ${across + 1} and ${up + 1} of ${count(facts.p)}`;
    return `all ${count(facts.n)} ${rowsNoun.value} · ${which} · ${share} of the variance`;
  }, [space, across, up, facts]);

  return (
    <ExplorerFrame
      head={<h2>{TITLE}</h2>}
      parts={(sizes) => ({
        up: <Component facts={facts} space={space} way="up" size={sizes.image} />,
        across: <Component facts={facts} space={space} way="across" size={sizes.image} />,
        plot: (
          <Plot
            id="components"
            label={`${count(facts.n)} ${rowsNoun.value} at their scores in components ${across + 1} and ${up + 1}`}
            across={axisAcross}
            up={axisUp}
            size={sizes.plot}
            bars="signed"
            title={TITLE}
            titles={{ across: titleOf(facts, space, across, "across"), up: titleOf(facts, space, up, "up") }}
          />
        ),
        corner: <Readout scores={scores} />,
      })}
    />
  );
}

const TITLE = "Two principal components as axes";

/** An axis in words. */
function titleOf(facts: DatasetRecord, space: Components | null, index: number, way: Way): AxisTitle {
  const weights = space?.weights[index];
  const most = weights && short(largest(perPixel(weights, facts.channels)));
  const says = space ? [`${percent(space.shares[index] ?? 0)} of the variance`, `weights to ±${most}`] : [];
  return { name: `${componentName(index)} ${way}`, says };
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 2 : 1)} %`;

interface ComponentProps {
  facts: DatasetRecord;
  space: Components | null;
  way: Way;
  size: number;
}

/** What a component looks at, with the shown image beneath it; and which component it is. */
function Component({ facts, space, way, size }: ComponentProps): JSX.Element {
  const index = within(choice.value, space?.count ?? 1)[way];
  const weights = space?.weights[index];
  const shape = facts.image_shape;
  const pixels = shownPixels.value;
  const theme = dark.value ? "dark" : "light";
  const flat = useMemo(() => weights && perPixel(weights, facts.channels), [weights, facts]);
  const rgba = useMemo(() => {
    if (!flat || !shape) return null;
    const beneath = pixels && perPixel(pixels.bytes, facts.channels).map((v) => ink(v, facts));
    return signedRgba(flat, largest(flat), ground.value, theme, beneath);
  }, [flat, pixels, theme]);
  const most = flat ? largest(flat) : 0;
  return (
    <figure class={`picker component ${way}`}>
      {shape ? (
        <Picture
          id={`weights-${way}`}
          rgba={rgba}
          shape={shape}
          size={size}
          row={pixels?.row ?? null}
          alt={`${componentName(index)}: red pixels count against it, blue ones for it`}
        />
      ) : (
        weights && <Bars weights={weights} size={size} label={componentName(index)} />
      )}
      <figcaption>
        <ComponentChoice way={way} index={index} space={space} />
        <span class="axis-place">{space && `${percent(space.shares[index] ?? 0)} of the variance`}</span>
        <span class="axis-place">{space && `weights to ±${short(most)}`}</span>
      </figcaption>
    </figure>
  );
}

/** How much ink there is at a grey value from 0 to 255. */
const ink = (grey: number, facts: DatasetRecord): number => (facts.ink_is_high ? grey : 255 - grey) / 255;

function ComponentChoice(props: { way: Way; index: number; space: Components | null }): JSX.Element {
  const { way, index, space } = props;
  const options = Array.from({ length: space?.count ?? 1 }, (_, c) => c);
  const pick = (next: number): void => choose({ [way]: next }, `${componentName(next)} ${way}`);
  return (
    <span class="component-choice" data-way={way}>
      <select
        id={`component-${way}`}
        aria-label={`Component of the axis ${way}`}
        value={index}
        onChange={(event) => pick(Number(event.currentTarget.value))}
      >
        {options.map((c) => (
          <option key={c} value={c}>
            {componentName(c)}
          </option>
        ))}
      </select>
      {[-1, 1].map((step) => (
        <button
          key={step}
          type="button"
          class="plain"
          aria-label={step < 0 ? "the component before" : "the next component"}
          disabled={!options.includes(index + step)}
          onClick={() => pick(index + step)}
        >
          {step < 0 ? "‹" : "›"}
        </button>
      ))}
    </span>
  );
}

interface ReadoutProps {
  scores: { first: Float32Array; second: Float32Array; across: number; up: number } | null;
}

function Readout({ scores }: ReadoutProps): JSX.Element {
  const row = shownRow.value;
  if (row === null) {
    return <p class="quiet">Point at a dot to lay its image under both components.</p>;
  }
  return (
    <div class="readout" id="components-readout" data-row={row}>
      <p>
        <i class="dot" style={{ background: classCss(row) }} /> <b>{labelOf(row)}</b> #{row}{" "}
        <span class="quiet">{splitOf(row)}</span>
      </p>
      {scores && (
        <p class="quiet">
          {scores.across + 1}: {short(scores.first[row] ?? Number.NaN)}
          {"   "}
          {scores.up + 1}: {short(scores.second[row] ?? Number.NaN)}
        </p>
      )}
    </div>
  );
}
