// Each class's name at the median of its dots, as text above the map: colour alone never carries the class.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { medianPlace, sampleByClass } from "../map/geometry";
import type { Stage } from "../map/stage";
import { nearness, project } from "../map/view";
import { codes, dataset, drawn, hidden, stage } from "../state";

const EACH = 250;
const MOST_CLASSES = 30;
const CLOSE = 22; // pixels within which a second label would cover the first

const samples = computed(() => sampleByClass(codes.value, dataset.value?.classes.length ?? 0, EACH));

export interface ClassPlace {
  code: number;
  name: string;
  /** the median of its dots, in map units */
  place: readonly number[];
}

/** Where each class that is on lies on the map that is drawn now, of all maps on that of the map's own view. */
export function classPlaces(on: Stage | null = stage.peek()): ClassPlace[] {
  const positions = on?.positions;
  const dim = on?.view.dim ?? 2;
  if (!positions) return [];
  return (dataset.value?.classes ?? []).flatMap((name, code) => {
    const rows = hidden.value.has(code) ? undefined : samples.value[code];
    const place = rows && medianPlace(dim, positions, rows);
    return place ? [{ code, name, place }] : [];
  });
}

export function ClassLabels(): JSX.Element | null {
  const names = dataset.value?.classes ?? [];
  const view = drawn.value > 0 ? stage.value?.view : null;
  if (!view || names.length > MOST_CLASSES || stage.value?.turning) return null;
  const medians = classPlaces().map((one) => ({ ...one, near: nearness(view, one.place) }));
  // In 3-D the nearer label is the one that stands where two would cover each other.
  medians.sort((a, b) => b.near - a.near);
  const placed: { name: string; x: number; y: number }[] = [];
  for (const { name, place } of medians) {
    const [x, y] = project(view, place) ?? [-1, -1];
    const covered = placed.some((other) => Math.hypot(other.x - x, other.y - y) < CLOSE);
    if (!covered && x > 0 && y > 0 && x < view.width && y < view.height) placed.push({ name, x, y });
  }
  return (
    <div class="labels" aria-hidden="true">
      {placed.map(({ name, x, y }) => (
        <bdi
          key={name}
          style={{ transform: `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)` }}
        >
          {name}
        </bdi>
      ))}
    </div>
  );
}
