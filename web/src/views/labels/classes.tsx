// What the ranking says of whole classes: how many of their labels are probably wrong, and which of them overlap.

import type { JSX } from "preact";
import { count } from "../../format";
import { select } from "../../selection";
import { className, dataset } from "../../state";
import { chooseList, shown } from "./choice";
import { details, ranked } from "./ranked";

export function Classes(): JSX.Element {
  const found = details.value;
  if (!found) return <p class="labels-nothing quiet">Counting…</p>;
  const highest = Math.max(1e-6, ...found.rates.map((one) => (one.n > 0 ? one.high : 0)));
  return (
    <article class="labels-classes" id="labels-classes-found">
      <section>
        <h2>How many labels are wrong</h2>
        <p class="quiet">
          The share of labels that confident learning doubts, with the 95 % interval (Wilson) for a share of
          so many. That some suspects are right, and some wrong labels no suspects, is not in it.
        </p>
        <table>
          <thead>
            <tr>
              <th scope="col">class</th>
              <th scope="col" class="number">
                labels
              </th>
              <th scope="col" class="number">
                probably wrong
              </th>
              <th scope="col">share, 95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {found.rates.map((one, i) => (
              <tr key={one.label} class={i === found.rates.length - 1 ? "labels-total" : ""}>
                <th scope="row">
                  <bdi>{className(one.label)}</bdi>
                </th>
                <td class="number">{count(one.n)}</td>
                <td class="number">{count(one.issues)}</td>
                <td>
                  {one.rate !== null && (
                    <span class="labels-interval">
                      <span class="labels-range">
                        <i
                          style={{
                            left: `${(100 * one.low) / highest}%`,
                            width: `${(100 * (one.high - one.low)) / highest}%`,
                          }}
                        />
                        <b style={{ left: `${(100 * one.rate) / highest}%` }} />
                      </span>
                      <span>
                        {percent(one.rate)} ({percent(one.low)} to {percent(one.high)})
                      </span>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section>
        <h2>Classes that overlap</h2>
        <p class="quiet">
          Pairs that are taken for each other, most first. A click selects, in every view, the images for
          which the other class is suggested.
        </p>
        {found.overlaps.length === 0 && <p>None of them are.</p>}
        <table>
          <tbody>
            {found.overlaps.slice(0, 20).map((one) => (
              <tr key={`${one.label} ${one.other}`}>
                <th scope="row">
                  <bdi>{className(one.label)}</bdi> and <bdi>{className(one.other)}</bdi>
                </th>
                <td>
                  <Taken from={one.label} as={one.other} many={one.as_other} />
                </td>
                <td>
                  <Taken from={one.other} as={one.label} many={one.as_label} />
                </td>
                <td class="number">{percent(one.share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </article>
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 2 : 1)} %`;

function Taken({ from, as, many }: { from: string; as: string; many: number }): JSX.Element {
  return (
    <button type="button" class="link" disabled={many === 0} onClick={() => selectTaken(from, as)}>
      {count(many)} labelled <bdi>{className(from)}</bdi>
    </button>
  );
}

/** Images of one label for which another is suggested. */
function selectTaken(from: string, as: string): void {
  const found = ranked.peek();
  const classes = dataset.peek()?.classes ?? [];
  if (!found) return;
  const [given, suggested] = [classes.indexOf(from), classes.indexOf(as)];
  const rows = found.rows.filter(
    (_, place) => found.given[place] === given && found.suggested[place] === suggested,
  );
  select(rows, "replace", `${className(from)} taken for ${className(as)}`);
  shown.value = "all";
  chooseList("suspects");
}
