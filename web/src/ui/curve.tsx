// The cost curve: every value of the run, over all its planned steps, so that it shows progress as well.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { cost, count } from "../format";
import type { RunRecord } from "../net/wire";
import { known } from "../state";
import { dark } from "../theme";

const REDRAW_MS = 100;

function options(box: DOMRect, steps: number, onIndex: (index: number | null) => void): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  return {
    width: Math.max(40, Math.floor(box.width)),
    height: Math.max(20, Math.floor(box.height)),
    legend: { show: false },
    padding: [5, 4, 5, 2],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: false, range: [0, Math.max(1, steps)] } },
    axes: [{ show: false }, { show: false }],
    series: [{}, { stroke: style.getPropertyValue("--quiet").trim(), width: 1.5, points: { show: false } }],
    hooks: { setCursor: [(plot) => onIndex(plot.cursor.idx ?? null)] },
  };
}

export function CostCurve({ run }: { run: RunRecord }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [index, setIndex] = useState<number | null>(null);
  const curve = known.value.curves[run.id];
  const values = curve?.steps.length ?? 0;

  // A plot is made anew where its run, its length, its colours or its room change; values only flow into it.
  // The theme changes the colours that are read from CSS
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(
        options(element.getBoundingClientRect(), run.steps, setIndex),
        dataOf(run.id),
        element,
      );
    };
    make();
    const observer = new ResizeObserver(() => {
      const { width, height } = element.getBoundingClientRect();
      plot.current?.setSize({
        width: Math.max(40, Math.floor(width)),
        height: Math.max(20, Math.floor(height)),
      });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [run.id, run.steps, dark.value]);

  // The number of values tells that some came; at most ten times a second they are drawn.
  useEffect(() => {
    const timer = window.setTimeout(() => plot.current?.setData(dataOf(run.id)), REDRAW_MS);
    return () => window.clearTimeout(timer);
  }, [values, run.id]);

  const at = index !== null && index < values ? index : values - 1;
  return (
    <div class="cost" id="cost" data-values={values}>
      <div class="cost-curve" ref={host} aria-hidden="true" />
      <p class="cost-value">
        <span>
          {run.cost_name || "cost"} <b>{values > 0 ? cost(curve?.costs[at] ?? Number.NaN) : "–"}</b>
        </span>
        <small>{values > 0 ? `at step ${count(curve?.steps[at] ?? 0)}` : "no value yet"}</small>
      </p>
    </div>
  );
}

function dataOf(run: number): uPlot.AlignedData {
  const curve = known.peek().curves[run];
  return [curve?.steps ?? [], curve?.costs ?? []];
}
