// What speaks for and against a label: the model and the centroids class by class, the nearest images, the place on the map.

import type { JSX } from "preact";
import type { EvidenceRecord } from "../../net/wire";
import { className, dataset, labelOf } from "../../state";
import { Thumb } from "../../ui/thumb";
import { choose, evidence } from "./choice";
import { Place } from "./place";
import { ranked } from "./ranked";
import { chance } from "./words";

const MOST_CLASSES = 12;

export function EvidenceOf({ row }: { row: number }): JSX.Element {
  const found = evidence.value?.row === row ? evidence.value : null;
  return (
    <div class="labels-evidence" data-row={found?.row} aria-busy={found === null}>
      <Bars row={row} found={found} />
      <div class="labels-beside">
        <h3>Nearest in appearance</h3>
        <ul class="labels-near">
          {(found?.neighbours ?? []).map((one) => (
            <li key={one.row}>
              <button
                type="button"
                title={`#${one.row}, ${one.label}, at a distance of ${one.distance.toPrecision(3)}`}
                data-row={one.row}
                onClick={() => choose(one.row)}
              >
                <Thumb row={one.row} size={40} alt={`image ${one.row}`} />
                <bdi class={one.label === labelOf(row) ? "labels-same" : ""}>{className(one.label)}</bdi>
              </button>
            </li>
          ))}
        </ul>
        <p class="quiet">{found && nearSays(row, found)}</p>
        <Place row={row} />
      </div>
    </div>
  );
}

function nearSays(row: number, { neighbours }: EvidenceRecord): string {
  const given = labelOf(row);
  const same = neighbours.filter((one) => one.label === given).length;
  return `${same} of these ${neighbours.length} have its label.`;
}

/** Each class: how probable the model finds it, and how far its centroid is. */
function Bars({ row, found }: { row: number; found: EvidenceRecord | null }): JSX.Element {
  const classes = dataset.value?.classes ?? [];
  const place = ranked.value?.places[row] ?? -1;
  const given = place < 0 ? classes.indexOf(labelOf(row)) : (ranked.value?.given[place] ?? -1);
  const codes = shownCodes(classes.length, given, found);
  const far = Math.max(...(found?.centroid ?? [1]));
  const nearest = found ? found.centroid.indexOf(Math.min(...found.centroid)) : -1;
  return (
    <div class="labels-bars">
      <table>
        <caption>
          <h3>What speaks for each class</h3>
        </caption>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col" title={found?.about}>
              the model, not having seen it
            </th>
            <th
              scope="col"
              title="In the space of appearance; the image itself is left out of its own centroid"
            >
              distance to the centroid
            </th>
          </tr>
        </thead>
        <tbody>
          {codes.map((code) => (
            <tr key={code} class={code === given ? "labels-given" : ""}>
              <th scope="row">
                <bdi>{className(classes[code])}</bdi>
                {code === given && <small>label</small>}
              </th>
              <td>
                <Bar share={found?.proba[code] ?? 0} says={found ? chance(found.proba[code] ?? 0) : ""} />
              </td>
              <td>
                <Bar
                  share={found ? (found.centroid[code] ?? 0) / far : 0}
                  says={found ? (found.centroid[code] ?? 0).toPrecision(3) : ""}
                  strong={code === nearest}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {codes.length < classes.length && (
        <p class="quiet">
          The {codes.length} most probable of {classes.length} classes.
        </p>
      )}
    </div>
  );
}

function shownCodes(classes: number, given: number, found: EvidenceRecord | null): number[] {
  const all = Array.from({ length: classes }, (_, code) => code);
  if (classes <= MOST_CLASSES) return all;
  if (found) all.sort((a, b) => (found.proba[b] ?? 0) - (found.proba[a] ?? 0));
  const first = all.slice(0, MOST_CLASSES);
  return given < 0 || first.includes(given) ? first : [...first.slice(0, -1), given];
}

function Bar({
  share,
  says,
  strong = false,
}: {
  share: number;
  says: string;
  strong?: boolean;
}): JSX.Element {
  return (
    <span class="labels-bar">
      <i class={strong ? "strong" : ""} style={{ width: `${100 * share}%` }} />
      <span>{says}</span>
    </span>
  );
}
