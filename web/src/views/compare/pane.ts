// One of several maps beside each other: a stage of its own, with the selection, the colours and the camera of the others.

import { effect, signal } from "@preact/signals";
import { filteredOut } from "../../filter";
import { classLooks, hiddenFlags, isolateClassOf } from "../../legend";
import type { Graph } from "../../map/edges";
import type { Rows } from "../../map/geometry";
import { Hover } from "../../map/hover";
import { Lasso } from "../../map/lasso";
import { rowsWithin } from "../../map/region";
import { Stage } from "../../map/stage";
import type { View } from "../../map/view";
import { lassoTaken } from "../../mounting";
import type { Frame } from "../../net/frame";
import { howOf, keep, select, selected } from "../../selection";
import { codes, hovered, inHand, pointValues } from "../../state";
import { dark, ground } from "../../theme";
import { NO_LINE } from "../../ui/lasso-line";
import { rampOf } from "../../ui/swatch";

const INSET = { left: 12, right: 12, top: 12, bottom: 12 };

/** The camera that a hand moved last, and whose pane that was; null: all show the whole of their maps. */
const led = signal<{ by: Pane; view: View } | null>(null);

const stages = new WeakMap<HTMLCanvasElement, Stage>();

/** The map that is drawn on that canvas. */
export const stageOf = (canvas: HTMLCanvasElement): Stage | undefined => stages.get(canvas);

export class Pane {
  readonly stage: Stage;
  /** Counts the draws, for what stands above the canvas. */
  readonly draws = signal(0);
  readonly line = signal(NO_LINE);
  private readonly stops: (() => void)[];

  /** Throws where the browser has no WebGL 2. */
  constructor(
    area: HTMLElement,
    canvas: HTMLCanvasElement,
    n: number,
    classes: number,
    linked: () => boolean,
    edges: () => Graph | null,
  ) {
    this.stage = new Stage(canvas, n, classes, {
      acknowledge: () => undefined,
      onShown: () => undefined,
      onPassed: () => undefined,
      onGesture: () => undefined,
      onTurned: () => undefined,
      onDrawn: () => this.drawn(linked()),
      onFitted: (on) => {
        if (on && this.leads) led.value = null;
      },
    });
    stages.set(canvas, this.stage);
    this.stage.setRows(codes.peek());
    const hover = new Hover(
      canvas,
      this.stage,
      () => this.rows,
      () => -1,
      {
        onHover: (row) => {
          hovered.value = row;
        },
        onClick: (row, event) => {
          if (row !== null && (event.ctrlKey || event.metaKey || event.altKey)) select([row], howOf(event));
          else keep(row);
        },
        onDoubleClick: isolateClassOf,
      },
    );
    new Lasso(area, canvas, {
      onLine: (line, how) => {
        this.line.value = { line, how };
      },
      onClosed: (line, how) => {
        if (this.rows) select(rowsWithin(this.stage.view, this.rows, line), how, "selection by lasso");
      },
      taken: () => lassoTaken.peek(),
    });
    for (const name of ["pointerenter", "keydown"] as const) area.addEventListener(name, () => this.take());
    const resize = new ResizeObserver(() => this.stage.resize(area.clientWidth, area.clientHeight, INSET));
    resize.observe(area);
    this.stops = [() => resize.disconnect(), ...this.followTheStore(hover, linked, edges)];
  }

  get rows(): Rows | null {
    const { positions } = this.stage;
    if (!positions) return null;
    return {
      positions,
      codes: codes.peek(),
      hidden: hiddenFlags.peek(),
      leftOut: filteredOut.peek(),
    };
  }

  show(frame: Frame): void {
    this.stage.offer(frame);
  }

  fit(): void {
    led.value = null;
    this.stage.framing.fit();
  }

  /** From here on its camera leads. */
  private take(): void {
    inHand.value = this.stage;
  }

  private get leads(): boolean {
    return inHand.peek() === this.stage;
  }

  stop(): void {
    if (this.leads) inHand.value = null;
    for (const stop of this.stops) stop();
    this.stage.dispose();
  }

  private followTheStore(hover: Hover, linked: () => boolean, edges: () => Graph | null): (() => void)[] {
    const { stage } = this;
    return [
      effect(() => {
        stage.setLook({ ground: ground.value, rimShade: dark.value ? 0.8 : 0.72 }, classLooks.value, 0.85);
      }),
      effect(() =>
        stage.setValues(pointValues.value && { ...pointValues.value, ramp: rampOf(pointValues.value) }),
      ),
      effect(() => stage.setSelected(selected.value)),
      effect(() => stage.setLeftOut(filteredOut.value)),
      effect(() => stage.setEdges(edges())),
      effect(() => {
        this.draws.value;
        hover.follow();
      }),
      effect(() => {
        const lead = led.value;
        if (!linked() || lead?.by === this) return;
        if (lead === null) stage.framing.fit();
        else if (lead.view.dim === stage.view.dim) {
          const { x, y, z, zoom, orientation } = lead.view;
          stage.framing.lookFrom({ x, y, z, zoom: zoom * this.smaller(lead.view), orientation });
        }
      }),
    ];
  }

  /** The same part of the map fits into a pane of another size at another zoom. */
  private smaller(view: View): number {
    const own = this.stage.view;
    return Math.min(own.width, own.height) / Math.min(view.width, view.height);
  }

  private drawn(linked: boolean): void {
    this.draws.value += 1;
    if (!linked || !this.leads) return;
    const { view } = this.stage;
    if (!this.stage.framing.fitting && view !== led.peek()?.view) led.value = { by: this, view };
  }
}
