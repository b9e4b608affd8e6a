// One class by itself on the map of t-SNE, as the essay shows the ones: what its rows have in common orders them.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { perPixel } from "../../explorer/colours";
import { useLoaded } from "../../explorer/use-loaded";
import { fetchImages } from "../../net/api";
import type { Frame } from "../../net/frame";
import type { DatasetRecord } from "../../net/wire";
import { className, codes, hovered, labelOf, rowsNoun } from "../../state";
import { Thumb } from "../../ui/thumb";
import { alongMain, slant, spearman } from "./measures";
import { Mini } from "./mini";
import { finished } from "./players";

const MAP = "tsne2";
const SHOWN = 7; // images of the class from one end to the other
const FEW = 8; // rows, below which an order means nothing
const HOLDS = 0.8; // of the correlation of ranks

const picked = signal<number | null>(null);

interface Order {
  rows: number[]; // from one end of the class's cluster to the other
  correlation: number;
}

export function Alone({ facts }: { facts: DatasetRecord }): JSX.Element | null {
  const frame = finished.value[MAP] ?? null;
  const ones = facts.classes.indexOf("1");
  const code = picked.value ?? (ones < 0 ? 0 : ones);
  const order = useLoaded(() => orderOf(facts, frame, code), [facts, frame, code]);
  if (facts.classes.length < 2) return null;
  const name = className(facts.classes[code]);
  const digit = facts.classes[code] === "1";
  return (
    <article class="player alone" id="alone">
      <header>
        <h3>One class alone</h3>
        <label>
          <span class="unseen">Class</span>
          <select
            id="alone-class"
            value={code}
            onChange={(event) => {
              picked.value = Number(event.currentTarget.value);
            }}
          >
            {facts.classes.map((each, other) => (
              <option key={each} value={other}>
                {className(each)}
              </option>
            ))}
          </select>
        </label>
      </header>
      <p class="quiet">The t-SNE map in two dimensions; only {name} can be pointed at.</p>
      <Mini id="map-alone" label={`Only ${name} on the map of t-SNE`} frame={frame} only={code} />
      {order && <Ends rows={order.rows} />}
      <p>
        Look for an order inside the cluster.{" "}
        {digit && "The ones lie from those that lean to those that stand."}
      </p>
      <AloneCheck facts={facts} order={order} frame={frame} name={name} digit={digit} />
    </article>
  );
}

/** A few images from one end of the cluster to the other. */
function Ends({ rows }: { rows: readonly number[] }): JSX.Element {
  const some = Array.from({ length: Math.min(SHOWN, rows.length) }, (_, i) =>
    Math.round((i * (rows.length - 1)) / Math.max(1, Math.min(SHOWN, rows.length) - 1)),
  );
  return (
    <div class="alone-ends">
      {some.map((at) => {
        const row = rows[at] as number;
        return (
          <span
            key={row}
            onPointerEnter={() => {
              hovered.value = row;
            }}
            onPointerLeave={() => {
              hovered.value = null;
            }}
          >
            <Thumb row={row} size={36} alt={`image ${row}, ${labelOf(row)}`} />
          </span>
        );
      })}
    </div>
  );
}

interface AloneCheckProps {
  facts: DatasetRecord;
  order: Order | null;
  frame: Frame | null;
  name: string;
  digit: boolean;
}

function AloneCheck({ facts, order, frame, name, digit }: AloneCheckProps): JSX.Element {
  if (!frame) return <p class="quiet">Checked when the run of t-SNE is over.</p>;
  if (!facts.image_shape) return <p class="quiet">Only images lean.</p>;
  if (!order || order.rows.length < FEW) return <p class="quiet">There are too few of {name} among these.</p>;
  const size = Math.abs(order.correlation);
  const holds = digit ? size >= HOLDS : null;
  return (
    <p class="verdict" data-holds={holds ?? ""} data-correlation={order.correlation}>
      {holds === null ? "" : holds ? "✓ so it is: " : "✗ not here: "}
      rank correlation of how far {name} leans with its place along the cluster {size.toFixed(2)}, over{" "}
      {order.rows.length} {rowsNoun}.
    </p>
  );
}

/** The rows of a class along their cluster, and how well that is the order of how far they lean. */
async function orderOf(facts: DatasetRecord, frame: Frame | null, code: number): Promise<Order | null> {
  const shape = facts.image_shape;
  if (!frame || !shape || frame.dim !== 2) return null;
  const rows = Array.from({ length: frame.n }, (_, row) => row).filter((row) => codes.value[row] === code);
  if (rows.length < 2) return { rows, correlation: Number.NaN };
  const places = alongMain(frame.positions, rows);
  const images = await fetchImages(rows, facts.p);
  const leans = images.map((bytes) => {
    const grey = perPixel(bytes, facts.channels);
    return slant(facts.ink_is_high ? grey : grey.map((value) => 255 - value), shape);
  });
  const order = [...rows.keys()].sort((a, b) => (places[a] as number) - (places[b] as number));
  return { rows: order.map((i) => rows[i] as number), correlation: spearman(places, leans) };
}
