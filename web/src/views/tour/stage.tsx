// The way through Olah's essay: pixels as axes, components, and seven maps of the first thousand rows, made here and
// now, each with what to look for and whether it is so on this data.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { fetchNeighbours } from "../../explorer/api";
import { useLoaded } from "../../explorer/use-loaded";
import { count } from "../../format";
import { isOver } from "../../net/session";
import type { DatasetRecord } from "../../net/wire";
import { codes, dataset, known, rowsNoun } from "../../state";
import { ClassLegend } from "../../ui/legend";
import { look, useSays } from "../registry";
import { Alone } from "./alone";
import { type Check, checkOfLook } from "./checks";
import { fetchLooks } from "./looks";
import { Found, PlayerCard } from "./player";
import { FIRST_ROWS, isPlayers, PLAYERS } from "./players";
import "../../style/explorer.css";
import "../../style/tour.css";

export function Stage(): JSX.Element | null {
  const facts = dataset.value;
  return facts && <Tour facts={facts} />;
}

function Tour({ facts }: { facts: DatasetRecord }): JSX.Element {
  const rows = Math.min(FIRST_ROWS, facts.n);
  const near = useLoaded(() => fetchNeighbours(rows), [facts]);
  const looks = useLoaded(() => fetchLooks(facts, rows), [facts]);
  const checks = useMemo(
    () => ({
      pixels: checkOfLook("pixels", looks, near),
      components: checkOfLook("components", looks, near),
    }),
    [looks, near, codes.value],
  );
  const runs = known.value.runs.filter((run) => PLAYERS.some((player) => isPlayers(player, run)));
  const going = runs.filter((run) => !isOver(run)).length;
  useSays(() => {
    const made = going > 0 ? `${going} still to be made, one after the other` : `${runs.length} made`;
    return `the first ${count(rows)} of ${count(facts.n)} ${rowsNoun.value} · raw values · ${made}`;
  }, [going, runs.length, facts]);
  return (
    <div class="tour" id="tour">
      <div class="tour-head">
        <h2>From pixels to maps</h2>
        <p>
          The way that C. Olah's “Visualizing MNIST” (2014) goes: two pixels at a time, two components at a
          time, then maps that descend their cost. Each is made here from the first {count(rows)} {rowsNoun}{" "}
          of {facts.name} with his steps and his start;{" "}
          {facts.name === "MNIST" ? "these are his images." : "his were the digits of MNIST."}
        </p>
      </div>
      <div class="tour-steps">
        <Step
          title="Two pixels"
          view="cube"
          says="One look along two of all the axes of the cube. It shows a little, and never the whole."
          check={checks.pixels}
        />
        <Step
          title="Two components"
          view="components"
          says="The two directions in which the data vary most: the best look along straight lines, and not enough."
          check={checks.components}
        />
      </div>
      <div class="tour-legend">
        <ClassLegend id="tour-legend" />
      </div>
      <div class="tour-players">
        {PLAYERS.map((player) => (
          <PlayerCard key={player.id} player={player} near={near} />
        ))}
        <Alone facts={facts} />
      </div>
    </div>
  );
}

function Step(props: { title: string; view: string; says: string; check: Check | null }): JSX.Element {
  const { title, view, says, check } = props;
  return (
    <div class="tour-step" id={`step-${view}`}>
      <h3>{title}</h3>
      <p class="quiet">{says}</p>
      {check && <Found check={check} />}
      <button type="button" onClick={() => look(view)}>
        Look at it
      </button>
    </div>
  );
}
