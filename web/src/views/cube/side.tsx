// Beside the cube: what lies in its corners, the pairs of pixels that Olah points to, and what is drawn behind.

import type { JSX } from "preact";
import { pixelAt } from "../../explorer/scale";
import { count } from "../../format";
import type { DatasetRecord } from "../../net/wire";
import { className, codes, dataset } from "../../state";
import { ColourBy } from "../../ui/colour-by";
import { axes, axisName, backdrop, rowsShown, setAxes } from "./axes";
import { type Corner, cornersOf, LESSONS, type Lesson, middleOf } from "./data";
import { useColumns } from "./use-columns";
import "./cube.css";

const HIS_SHAPE = 28;
const MOST_BACKDROPS = 40;

export function Side(): JSX.Element | null {
  const facts = dataset.value;
  return facts && <About facts={facts} />;
}

function About({ facts }: { facts: DatasetRecord }): JSX.Element {
  const columns = useColumns(facts);
  const rows = rowsShown.value;
  const corners =
    columns &&
    cornersOf(columns.across.values, columns.up.values, rows, codes.value, facts.classes.length, [
      middleOf(facts, columns.across.values, rows),
      middleOf(facts, columns.up.values, rows),
    ]);
  const shape = facts.image_shape;
  const his = shape?.[0] === HIS_SHAPE && shape[1] === HIS_SHAPE;
  return (
    <section id="cube-side">
      <h3>The cube</h3>
      <p class="quiet">
        {shape
          ? `Each of the ${count(facts.p / facts.channels)} pixels is an axis, and each image one point. Choose two pixels on the images beside the plot: from paper to ink along each axis.`
          : `Each of the ${count(facts.p)} values is an axis, and each row one point. Choose two of them.`}
      </p>
      <ColourBy />
      {corners && <Corners facts={facts} corners={corners} />}
      {his &&
        LESSONS.map((lesson) => (
          <LessonLink key={String(lesson.across)} facts={facts} lesson={lesson} corners={corners} />
        ))}
      {shape && <BackdropChoice facts={facts} />}
    </section>
  );
}

/** The table beside the plot: each corner's rows, and the class that most of them are of. */
function Corners({ facts, corners }: { facts: DatasetRecord; corners: readonly Corner[] }): JSX.Element {
  const cell = (corner: Corner | undefined): JSX.Element => (
    <td class="corner">
      <b class="corner-count">{count(corner?.count ?? 0)}</b>
      {corner && corner.count > 0 && facts.classes.length > 0 && (
        <span class="corner-class">
          <bdi>{className(facts.classes[corner.code])}</bdi> {share(corner)}
        </span>
      )}
    </td>
  );
  return (
    <table class="corners" id="corners">
      <caption>
        Rows in each corner, and the class that most of them are of. Ink from half of the scale on is high.
      </caption>
      <tbody>
        <tr>
          <th scope="row">high ↕</th>
          {cell(corners[0])}
          {cell(corners[1])}
        </tr>
        <tr>
          <th scope="row">low ↕</th>
          {cell(corners[2])}
          {cell(corners[3])}
        </tr>
        <tr>
          <td />
          <th scope="col">low ↔</th>
          <th scope="col">high ↔</th>
        </tr>
      </tbody>
    </table>
  );
}

const share = (corner: Corner): string => `${Math.round((100 * corner.of) / corner.count)} %`;

/** One of the links of Olah's text: it sets the axes, and says what to look for and whether it is so here. */
function LessonLink(props: {
  facts: DatasetRecord;
  lesson: Lesson;
  corners: readonly Corner[] | null;
}): JSX.Element {
  const { facts, lesson, corners } = props;
  const shape = facts.image_shape as [number, number];
  const across = pixelAt(...lesson.across, shape);
  const up = pixelAt(...lesson.up, shape);
  const now = axes.value.across === across && axes.value.up === up;
  const digits = lesson.claims.every((claim) => facts.classes.includes(claim.digit));
  const says = lesson.claims.map((claim) => `${claim.name} ${claim.where}`).join(", ");
  return (
    <div class={now ? "lesson now" : "lesson"}>
      <button
        type="button"
        class="link"
        data-lesson={lesson.across.join(",")}
        aria-pressed={now}
        onClick={() => setAxes({ across, up }, "axes of the essay")}
      >
        {axisName(facts, across)} and {axisName(facts, up)}
      </button>
      <p class="quiet">{digits ? `Look for ${says}.` : `Of digits: ${says}. These are others.`}</p>
      {now && digits && corners && (
        <p class="check">
          {lesson.claims.map((claim) => {
            const corner = corners[claim.corner];
            const name = className(facts.classes[corner?.code ?? -1]);
            const holds = name === claim.digit && (corner?.count ?? 0) > 0;
            return (
              <span class="verdict" key={claim.where} data-holds={holds}>
                {holds ? "✓ so it is: " : "✗ not here: "}
                {corner?.count
                  ? `${claim.where}, ${name} is the commonest, ${share(corner)} of ${count(corner.count)}.`
                  : `nothing is ${claim.where}.`}
              </span>
            );
          })}
        </p>
      )}
    </div>
  );
}

/** What the pixels are chosen on while no dot is pointed at. */
function BackdropChoice({ facts }: { facts: DatasetRecord }): JSX.Element {
  return (
    <label class="field">
      <span>behind the pixels</span>
      <select
        id="backdrop"
        value={String(backdrop.value)}
        onChange={(event) => {
          backdrop.value = Number(event.currentTarget.value);
        }}
      >
        <option value="-1">mean of all</option>
        {facts.classes.slice(0, MOST_BACKDROPS).map((name, code) => (
          <option key={name} value={String(code)}>
            mean of {className(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
