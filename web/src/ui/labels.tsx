// Each class's name at the median of its dots, as text above the map: colour alone never carries the class.

import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { medianPlace, project, sampleByClass } from "../map/geometry";
import { codes, dataset, drawn, hidden, stage } from "../state";

const EACH = 250;
const MOST_CLASSES = 30;
const CLOSE = 22; // pixels within which a second label would cover the first

const samples = computed(() => sampleByClass(codes.value, dataset.value?.classes.length ?? 0, EACH));

export function ClassLabels(): JSX.Element | null {
  const names = dataset.value?.classes ?? [];
  const positions = drawn.value > 0 ? stage.value?.positions : null;
  const view = stage.value?.view;
  if (!positions || !view || names.length > MOST_CLASSES || stage.value?.turning) return null;
  const placed: { name: string; x: number; y: number }[] = [];
  names.forEach((name, code) => {
    const median = hidden.value.has(code)
      ? null
      : medianPlace(positions, samples.value[code] ?? new Uint32Array());
    if (!median) return;
    const [x, y] = project(view, ...median);
    const covered = placed.some((other) => Math.hypot(other.x - x, other.y - y) < CLOSE);
    if (!covered && x > 0 && y > 0 && x < view.width && y < view.height) placed.push({ name, x, y });
  });
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
