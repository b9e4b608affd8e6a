// Beside the tour: all its numbers in one table.

import type { JSX } from "preact";
import { fetchNeighbours } from "../../explorer/api";
import { useLoaded } from "../../explorer/use-loaded";
import { count } from "../../format";
import { dataset } from "../../state";
import { worthFor } from "./checks";
import { FIRST_ROWS, PLAYERS } from "./players";

export function Side(): JSX.Element | null {
  const facts = dataset.value;
  const rows = Math.min(FIRST_ROWS, facts?.n ?? 0);
  const near = useLoaded(() => fetchNeighbours(rows), [rows]);
  const raw = near && near.each > 0;
  return (
    <section id="tour-side">
      <h3>What the maps keep</h3>
      <p class="quiet">
        On the first {count(rows)} rows: of the ten nearest on the map, the share of the same class (purity),
        and of the ten nearest in the raw values, the share that is kept (recall).
      </p>
      {raw && (
        <table class="class-scores" id="tour-scores">
          <thead>
            <tr>
              <th scope="col">map</th>
              <th scope="col">purity</th>
              <th scope="col">recall</th>
            </tr>
          </thead>
          <tbody>
            {PLAYERS.map((player) => {
              const worth = worthFor(player.id, near);
              return (
                <tr key={player.id} data-map={player.id}>
                  <th scope="row">
                    {player.title} {player.dims}-D
                  </th>
                  <td>{worth && !Number.isNaN(worth.purity) ? worth.purity.toFixed(3) : "–"}</td>
                  <td>{worth ? worth.recall.toFixed(3) : "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
