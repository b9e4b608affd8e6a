// A map in a pane, and another view in a pane.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { edgesOf } from "../../edges";
import { cost, runState } from "../../format";
import { mapName } from "../../kept";
import { lassoTaken } from "../../mounting";
import { isOver } from "../../net/session";
import type { RunRecord } from "../../net/wire";
import { dataset, tell } from "../../state";
import { Icon } from "../../ui/icons";
import { ClassesOn } from "../../ui/map-table";
import { ViewBody } from "../../ui/view";
import { type Standing, StandingContext, type ViewDeclaration } from "../registry";
import { type Shown, shownOf } from "./frames";
import { Head, named } from "./head";
import { Overlay } from "./overlay";
import { Pane } from "./pane";
import { pictureOf } from "./picture";
import { arrows, attended, comparable, linked, maps } from "./state";

export function MapPane({ run, at }: { run: RunRecord; at: number }): JSX.Element {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pane, setPane] = useState<Pane | null>(null);
  const shown = shownOf.value.get(run.id) ?? null;
  useEffect(() => {
    const facts = dataset.peek();
    if (!area.current || !canvas.current || !facts) return undefined;
    try {
      const made = new Pane(
        area.current,
        canvas.current,
        facts.n,
        facts.classes.length,
        () => linked.value,
        () => edgesOf(run),
      );
      setPane(made);
      return () => made.stop();
    } catch (error) {
      tell("error", `This map cannot be drawn: ${error instanceof Error ? error.message : error}.`);
      return undefined;
    }
  }, []);
  useEffect(() => {
    if (pane && shown) pane.show(shown.frame);
  }, [pane, shown]);
  const first = maps.value[0]?.id;
  const from = run.id !== first && arrows.value && comparable.value ? shownOf.value.get(first ?? -1) : null;
  const says = stateOf(run, shown);
  return (
    <section
      class="compare-pane compare-map"
      data-run={run.id}
      aria-label={`${mapName(run)}, pane ${at + 1}`}
    >
      <Head at={at} pane={{ run }} says={says}>
        <button
          type="button"
          class="plain"
          title="Fit (all maps)"
          aria-label="Fit"
          onClick={() => pane?.fit()}
        >
          <Icon name="fit" />
        </button>
      </Head>
      <div class="compare-area" ref={area}>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its own keys pan and zoom it */}
        <canvas
          ref={canvas}
          class={lassoTaken.value ? "drawing" : ""}
          tabIndex={0}
          role="application"
          aria-label={`${named(run)}: ${says}`}
          aria-describedby="map-help"
        />
        {pane && <Overlay pane={pane} from={from?.frame.positions ?? null} />}
        {pane && (
          <div class="unseen">
            <ClassesOn on={pane.stage} draws={pane.draws} title={`The classes on ${named(run)}`} />
          </div>
        )}
      </div>
    </section>
  );
}

function stateOf(run: RunRecord, shown: Shown | null): string {
  if (!isOver(run)) return run.status === "running" ? `step ${run.step} of ${run.steps}` : runState(run);
  const recall = run.scores.find((score) => score.name.startsWith("recall@15"))?.value;
  const said = [];
  if (recall !== null && recall !== undefined) said.push(`recall@15 ${cost(recall)}`);
  if (shown?.residual != null) said.push(`${Math.round(100 * shown.residual)} % off the first`);
  return said.join(" · ");
}

/** The view's own stage; what it says stands in the head of its pane. */
export function ViewPane({ view, at }: { view: ViewDeclaration; at: number }): JSX.Element {
  const says = useSignal("");
  const standing = useMemo<Standing>(() => ({ says, alone: false, picture: pictureOf(view.id) }), []);
  const attend = (): void => {
    attended.value = view.id;
  };
  return (
    <section
      class="compare-pane"
      data-view={view.id}
      aria-label={`${view.title}, pane ${at + 1}`}
      onPointerDown={attend}
      onFocusIn={attend}
    >
      <Head at={at} pane={{ view }} says={says.value} />
      <div class="compare-view">
        <StandingContext.Provider value={standing}>
          <ViewBody id={view.id} />
        </StandingContext.Provider>
      </div>
    </section>
  );
}
