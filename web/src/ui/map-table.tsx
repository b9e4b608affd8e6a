// A map for those who do not see it: a sentence and a table of its classes, made anew when it rests.

import { type ReadonlySignal, untracked, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { leftOut, lookedAt } from "../filter";
import { count, runName } from "../format";
import type { Stage } from "../map/stage";
import { project } from "../map/view";
import { selected } from "../selection";
import { className, codes, dataset, drawn, rowsNoun, shownRun, stage } from "../state";
import { type ClassPlace, classPlaces } from "./labels";

const REST_MS = 700; // without a draw
const NEAR = 2; // classes that are named as the nearest

interface Line extends ClassPlace {
  shown: number;
  chosen: number;
  lies: string;
  near: string;
}

export function MapTable(): JSX.Element {
  const run = shownRun.value;
  return (
    <div class="unseen">
      <p id="map-says">
        {run && `${runName(run)}. `}
        {count(lookedAt.value)} of {count(dataset.value?.n ?? 0)} {rowsNoun} are shown,{" "}
        {count(selected.value.length)} selected.
      </p>
      <ClassesOn on={stage.value} draws={drawn} title="The classes on the map" id="map-table" />
    </div>
  );
}

interface ClassesOnProps {
  on: Stage | null;
  /** Counts its draws. */
  draws: ReadonlySignal<number>;
  title: string;
  id?: string;
}

export function ClassesOn({ on, draws, title, id }: ClassesOnProps): JSX.Element {
  const lines = useSignal<readonly Line[]>([]);
  useSignalEffect(() => {
    draws.value;
    selected.value;
    leftOut.value;
    const timer = setTimeout(() => {
      lines.value = on ? untracked(() => linesOf(on)) : [];
    }, REST_MS);
    return () => clearTimeout(timer);
  });
  return (
    <table id={id}>
      <caption>{title}</caption>
      <thead>
        <tr>
          {["class", rowsNoun.value, "selected", "lies", "nearest classes"].map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.value.map(({ code, name, shown, chosen, lies, near }) => (
          <tr key={code}>
            <th scope="row">{className(name)}</th>
            <td>{count(shown)}</td>
            <td>{count(chosen)}</td>
            <td>{lies}</td>
            <td>{near}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function linesOf(on: Stage): Line[] {
  const places = classPlaces(on);
  const shown = new Uint32Array(codes.value.length > 0 ? (dataset.value?.classes.length ?? 0) + 1 : 0);
  const chosen = shown.slice();
  const add = (to: Uint32Array, row: number): void => {
    const code = codes.value[row] as number;
    to[code] = (to[code] as number) + 1;
  };
  for (let row = 0; row < codes.value.length; row++) if (!leftOut.value?.[row]) add(shown, row);
  for (const row of selected.value) add(chosen, row);
  return places.map((one) => {
    const others = places.filter((other) => other !== one);
    others.sort((a, b) => between(one, a) - between(one, b));
    return {
      ...one,
      shown: shown[one.code] ?? 0,
      chosen: chosen[one.code] ?? 0,
      lies: partOf(one, on),
      near: others
        .slice(0, NEAR)
        .map(({ name }) => className(name))
        .join(", "),
    };
  });
}

const between = (a: ClassPlace, b: ClassPlace): number =>
  Math.hypot(...a.place.map((value, axis) => value - (b.place[axis] ?? 0)));

/** In which of nine parts of the stage. */
function partOf({ place }: ClassPlace, { view }: Stage): string {
  const at = project(view, place);
  if (!at) return "not in sight";
  const third = (value: number, size: number): number => Math.floor((3 * value) / size);
  const across = ["left", "", "right"][third(at[0], view.width)];
  const down = ["top", "", "bottom"][third(at[1], view.height)];
  if (across === undefined || down === undefined) return "not in sight";
  return [down, across].filter((part) => part !== "").join(" ") || "middle";
}
