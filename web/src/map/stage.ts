// The stage: takes frames, and draws when there is something new to draw, never otherwise.

import { FrameFlow } from "../net/flow";
import type { Frame } from "../net/frame";
import { FLAG_DONE, FLAG_LAST, FLAG_PAUSED } from "../net/wire";
import type { ClassLook, Drawing, Look, Renderer, ValueLook } from "./drawing";
import type { Graph } from "./edges";
import { Framing } from "./framing";
import { dotSize } from "./geometry";
import { makeRenderer } from "./make-renderer";
import { Pace } from "./pace";
import { type Box, easeInOut, type View } from "./view";

const TURN_MS = 600;
const CALM_MS = 500; // between two frames where a person asked for less motion
const STILL_AFTER_MS = 180;
const STREAM_QUIET_MS = 900;
const RESTING = FLAG_PAUSED | FLAG_DONE | FLAG_LAST;

export interface StageEvents {
  /** A frame that was not on the stage before is drawn now. */
  onShown(frame: Frame): void;
  /** A frame came while an earlier one is shown. */
  onPassed(frame: Frame): void;
  /** Something was drawn: whatever stands above the canvas follows. */
  onDrawn(points: number): void;
  /** Whether the camera stands where `fit` would put it. */
  onFitted(on: boolean): void;
  /** A person is about to move the camera, by one gesture. */
  onGesture(says: string): void;
  /** A person turned a 3-D map. */
  onTurned(): void;
  acknowledge(frame: Frame): void;
}

export class Stage {
  readonly flow: FrameFlow;
  private readonly renderer: Renderer;
  readonly framing: Framing;
  readonly pace: Pace;
  private frame: Frame | null = null;
  private turn: { view: View; radius: number; start: number } | null = null;
  private moving = false;
  private dirty = false;
  private ticking = false;
  private timer: number | undefined;
  private movingUntil = 0;
  private draws = 0;
  private framesShown = 0;
  private opacity = 1;
  private away = false;
  private newest: Frame | null = null; // while an earlier one is shown
  /** of the dots as they were drawn last, in CSS pixels; of a 3-D map at the depth of its centre */
  diameter = 4;
  private readonly calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly n: number,
    classes: number,
    private readonly events: StageEvents,
  ) {
    this.pace = new Pace(n);
    this.renderer = makeRenderer(canvas, classes, () => this.invalidate());
    this.framing = new Framing(canvas, () => this.calm.matches, {
      onMoved: (byHand) => {
        if (byHand) this.movingUntil = performance.now() + STILL_AFTER_MS;
        this.invalidate();
      },
      onGesture: events.onGesture,
      onTurned: events.onTurned,
      onFitted: events.onFitted,
    });
    this.flow = new FrameFlow((frame) => events.acknowledge(frame));
    this.report();
  }

  get view(): View {
    return this.framing.view;
  }

  get positions(): Float32Array | null {
    return this.frame?.positions ?? null;
  }

  /** True while one map turns into another: then no row stands where the newest frame says. */
  get turning(): boolean {
    return this.turn !== null;
  }

  /** False while something moves, and a sample of the dots may be drawn for all. */
  get still(): boolean {
    return performance.now() >= this.movingUntil && !this.moving;
  }

  setRows(codes: Uint16Array<ArrayBuffer>): void {
    this.renderer.setRows(codes);
  }

  setLook(look: Look, classes: readonly ClassLook[], opacity: number): void {
    this.renderer.setLook(look);
    this.renderer.setClasses(classes);
    this.opacity = opacity;
    this.invalidate();
  }

  /** Colour the dots by a value in place of their classes; null: by their classes. */
  setValues(look: ValueLook | null): void {
    this.renderer.setValues(look);
    this.invalidate();
  }

  /** Draw these rows above all others. */
  setSelected(rows: Uint32Array): void {
    this.renderer.setSelected(rows);
    this.invalidate();
  }

  /** 1 for each row that is not drawn; null: all are. */
  setLeftOut(flags: Uint8Array | null): void {
    this.renderer.setLeftOut(flags);
    this.invalidate();
  }

  /** Draw the edges of that graph under the dots; null: none. */
  setEdges(graph: Graph | null): void {
    this.renderer.setEdges(graph);
    this.canvas.dataset.edges = String(graph?.neighbours.length ?? 0);
    this.invalidate();
  }

  resize(width: number, height: number, inset: Box): void {
    this.renderer.resize(width, height);
    this.framing.resize(width, height, inset);
    this.invalidate();
  }

  /** While another view is looked at, frames are taken in but not drawn. */
  setAway(away: boolean): void {
    this.away = away;
    if (!away) this.invalidate();
  }

  /** Throws where the frame is not one of these data. */
  offer(frame: Frame): void {
    if (frame.n !== this.n) throw new Error(`The app sent ${frame.n} rows for a map of ${this.n}.`);
    this.flow.offer(frame);
    this.schedule();
  }

  /** Give back what the graphics card holds; nothing is drawn from here on. */
  dispose(): void {
    this.away = true;
    window.clearTimeout(this.timer);
    this.renderer.dispose();
  }

  invalidate(): void {
    this.dirty = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.ticking) return;
    const due = this.dirty ? 0 : this.flow.due(performance.now());
    window.clearTimeout(this.timer);
    if (due === null) return;
    if (due > 0) {
      this.timer = window.setTimeout(() => this.schedule(), due);
      return;
    }
    this.ticking = true;
    requestAnimationFrame(() => this.tick());
  }

  private tick(): void {
    this.ticking = false;
    const now = performance.now();
    const fresh = this.arrived(now);
    if (fresh) this.adopt(fresh, now);
    this.moving = this.framing.advance(now);
    if (this.moving) this.movingUntil = Math.max(this.movingUntil, now + STILL_AFTER_MS);
    if (this.turn && now - this.turn.start >= TURN_MS) this.turn = null;
    if (this.away) this.pass(now, fresh);
    else if (this.frame && (this.dirty || fresh) && !this.renderer.lost) this.draw(now, fresh);
    this.dirty = this.moving || this.turn !== null;
    if (!this.dirty && now < this.movingUntil) {
      // Few points may have been drawn while things moved: once they rest, all of them.
      window.setTimeout(() => this.invalidateIfStill(), this.movingUntil - now + 1);
    }
    this.schedule();
  }

  /** The frame that is drawn next; while an earlier one is shown, what comes waits for the way back. */
  private arrived(now: number): Frame | null {
    const fresh = this.flow.take(now);
    if (!fresh || !this.newest) return fresh;
    if (fresh.run !== this.newest.run) {
      this.newest = null; // another run is looked at
      return fresh;
    }
    this.newest = fresh;
    this.flow.drawn(fresh, now, now, CALM_MS);
    this.events.onPassed(fresh);
    return null;
  }

  /** Show a frame of this run that was seen before, and none that comes; null: the newest again. */
  recall(frame: Frame | null): void {
    const next = frame ?? this.newest;
    if (!next || !this.frame) return;
    if (frame) this.newest ??= this.frame;
    else this.newest = null;
    this.adopt(next, performance.now());
    this.events.onShown(next);
    this.invalidate();
  }

  private invalidateIfStill(): void {
    if (performance.now() >= this.movingUntil && this.canvas.dataset.still !== "true") this.invalidate();
  }

  /** Put a frame on the stage: another run's map grows out of the one before, the same run's replaces it. */
  private adopt(frame: Frame, now: number): void {
    const old = this.frame;
    if (old?.run !== frame.run || old.step !== frame.step) this.framesShown += 1;
    this.renderer.setPositions(frame.dim, frame.positions);
    this.frame = frame;
    const resting = (frame.flags & RESTING) !== 0 || frame.step === 0;
    if (!old || old.run !== frame.run || old.dim !== frame.dim) {
      if (old && !this.calm.matches) {
        this.renderer.setBefore(old.dim, old.positions);
        this.turn = { view: this.view, radius: this.framing.radius, start: now };
      }
      this.framing.show(frame, now);
    } else {
      this.framing.follow(frame, now, (frame.flags & RESTING) !== 0);
    }
    if (!resting) this.movingUntil = now + STREAM_QUIET_MS;
    else this.movingUntil = Math.min(this.movingUntil, now);
  }

  /** Nobody sees the map: the frame counts as shown, at a calm pace, so that the run goes on and no time is spent. */
  private pass(now: number, fresh: Frame | null): void {
    this.turn = null;
    if (!fresh) return;
    this.flow.drawn(fresh, now, now, CALM_MS);
    this.events.onShown(fresh);
  }

  private draw(now: number, fresh: Frame | null): void {
    const moving = now < this.movingUntil || this.moving || this.turn !== null;
    const points = moving ? this.pace.pointsWhileMoving : this.n;
    const turning = this.turn && {
      view: this.turn.view,
      radius: this.turn.radius,
      share: easeInOut((now - this.turn.start) / TURN_MS),
    };
    const started = performance.now();
    this.paint(points, turning);
    if (this.draws > 0 && this.pace.wantsSample(this.draws)) {
      this.renderer.finish();
      this.pace.record(performance.now() - started, points);
    }
    this.draws += 1;
    if (fresh) {
      const interval = this.calm.matches ? Math.max(CALM_MS, this.pace.interval) : this.pace.interval;
      this.flow.drawn(fresh, now, performance.now(), interval);
      this.events.onShown(fresh);
    }
    this.report(points, !moving);
    this.events.onDrawn(points);
  }

  private paint(points: number, turning: Drawing["turning"]): void {
    const view = this.view;
    this.diameter = dotSize(points, this.framing.fitted.zoom, view);
    const opacity = view.dim === 3 ? 1 : this.opacity; // in 3-D what is in front hides what is behind
    const { radius } = this.framing;
    this.renderer.draw({ view, radius, turning, points, diameter: this.diameter, opacity });
  }

  /** All dots as they stand, drawn once with so many pixels for each CSS pixel, on a canvas of its own. */
  picture(ratio: number): HTMLCanvasElement {
    const { width, height } = this.view;
    this.renderer.resize(width, height, ratio);
    this.paint(this.n, null);
    const copy = document.createElement("canvas");
    copy.width = this.canvas.width;
    copy.height = this.canvas.height;
    copy.getContext("2d")?.drawImage(this.canvas, 0, 0);
    this.renderer.resize(width, height); // and back before the screen is put together again
    this.paint(this.n, null);
    return copy;
  }

  /**
   * Facts about the picture as attributes of the canvas, in every build. With `data-camera`, which is the View, and
   * the coordinates of a row from GET api/runs/{id}/frame, the row's pixel in the page is what `View` says of it, from
   * the canvas's top left corner.
   */
  private report(points = 0, still = false): void {
    const facts = this.canvas.dataset;
    facts.n = String(this.n);
    facts.renderer = this.renderer.kind;
    facts.frames = String(this.framesShown);
    facts.draws = String(this.draws);
    facts.drawn = String(points);
    facts.still = String(still);
    facts.drawMs = this.pace.drawMs.toFixed(1);
    facts.camera = JSON.stringify(this.view);
    if (!this.frame) return;
    facts.run = String(this.frame.run);
    facts.dim = String(this.frame.dim);
    facts.step = String(this.frame.step);
    facts.ready = "true";
  }
}
