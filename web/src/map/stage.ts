// The stage: takes frames, moves the camera, and draws when there is something new to draw, never otherwise.

import { FrameFlow } from "../net/flow";
import type { Frame } from "../net/frame";
import { FLAG_DONE, FLAG_LAST, FLAG_PAUSED } from "../net/wire";
import { MapCamera } from "./camera";
import { type Box, between, dotSize, easeInOut, fitView, sameView, type View } from "./geometry";
import { Pace } from "./pace";
import { type ClassLook, type Look, PointRenderer } from "./renderer";

const EASE_MS = 250;
const TURN_MS = 600;
const CALM_MS = 500; // between two frames where a person asked for less motion
const STILL_AFTER_MS = 180;
const STREAM_QUIET_MS = 900;
const RESTING = FLAG_PAUSED | FLAG_DONE | FLAG_LAST;

export interface StageEvents {
  /** A frame that was not on the stage before is drawn now. */
  onShown(frame: Frame): void;
  /** Something was drawn: whatever stands above the canvas follows. */
  onDrawn(points: number): void;
  onAutoFit(on: boolean): void;
  acknowledge(frame: Frame): void;
}

interface Ease {
  from: View;
  to: View;
  start: number;
}

export class Stage {
  readonly flow: FrameFlow;
  private readonly renderer: PointRenderer;
  private readonly camera: MapCamera;
  readonly pace: Pace;
  private frame: Frame | null = null;
  private autoFit = true;
  private ease: Ease | null = null;
  private turn: { view: View; start: number } | null = null;
  private dirty = false;
  private ticking = false;
  private timer: number | undefined;
  private movingUntil = 0;
  private cameraAt = 0;
  private draws = 0;
  private framesShown = 0;
  private inset: Box = { left: 0, top: 0, right: 0, bottom: 0 };
  private opacity = 1;
  private readonly calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly n: number,
    classes: number,
    private readonly events: StageEvents,
  ) {
    this.pace = new Pace(n);
    this.renderer = new PointRenderer(canvas, classes, () => this.invalidate());
    this.camera = new MapCamera(canvas, () => this.touched());
    this.flow = new FrameFlow((frame) => events.acknowledge(frame));
    this.report();
  }

  get view(): View {
    return this.camera.view;
  }

  get positions(): Float32Array | null {
    return this.frame?.positions ?? null;
  }

  /** True while one map turns into another: then no row stands where the newest frame says. */
  get turning(): boolean {
    return this.turn !== null;
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

  resize(width: number, height: number, inset: Box): void {
    this.inset = inset;
    this.renderer.resize(width, height);
    this.ease = null;
    this.camera.set({ ...this.camera.view, width, height });
    if (this.autoFit && this.frame) this.camera.set(this.fitted(this.frame));
    this.invalidate();
  }

  /** Throws where the frame is not one of this map. */
  offer(frame: Frame): void {
    if (frame.n !== this.n || frame.dim !== 2) {
      throw new Error(`The app sent ${frame.n} rows in ${frame.dim} dimensions for a map of ${this.n} in 2.`);
    }
    this.flow.offer(frame);
    this.schedule();
  }

  /** Show the whole map again and keep it whole while it grows. */
  fit(): void {
    this.setAutoFit(true);
    if (this.frame) this.easeTo(this.fitted(this.frame));
  }

  panBy(dx: number, dy: number): void {
    const view = this.ease?.to ?? this.view;
    this.setAutoFit(false);
    this.easeTo({ ...view, x: view.x + dx / view.zoom, y: view.y - dy / view.zoom });
  }

  zoomBy(factor: number): void {
    const view = this.ease?.to ?? this.view;
    this.setAutoFit(false);
    this.easeTo({ ...view, zoom: view.zoom * factor });
  }

  invalidate(): void {
    this.dirty = true;
    this.schedule();
  }

  private fitted(frame: Frame): View {
    const { width, height } = this.view;
    return fitView(frame.lo, frame.hi, { left: 0, top: 0, right: width, bottom: height }, this.inset);
  }

  private touched(): void {
    this.ease = null;
    this.movingUntil = performance.now() + STILL_AFTER_MS;
    this.invalidate();
  }

  private setAutoFit(on: boolean): void {
    if (this.autoFit === on) return;
    this.autoFit = on;
    this.events.onAutoFit(on);
  }

  private easeTo(to: View): void {
    this.camera.takeHandMoves(); // what a person did before asking for this is over
    if (this.calm.matches) this.camera.set(to);
    else this.ease = { from: this.view, to, start: performance.now() };
    this.invalidate();
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
    const fresh = this.flow.take(now);
    if (fresh) this.adopt(fresh, now);
    this.moveCamera(now);
    if (this.turn && now - this.turn.start >= TURN_MS) this.turn = null;
    if (this.frame && (this.dirty || fresh) && !this.renderer.lost) this.draw(now, fresh);
    this.dirty = this.ease !== null || this.turn !== null;
    if (!this.dirty && now < this.movingUntil) {
      // Few points may have been drawn while things moved: once they rest, all of them.
      window.setTimeout(() => this.invalidateIfStill(), this.movingUntil - now + 1);
    }
    this.schedule();
  }

  private invalidateIfStill(): void {
    if (performance.now() >= this.movingUntil && this.canvas.dataset.still !== "true") this.invalidate();
  }

  /** Put a frame on the stage: another run's map grows out of the one before, the same run's replaces it. */
  private adopt(frame: Frame, now: number): void {
    const old = this.frame;
    if (old?.run !== frame.run || old.step !== frame.step) this.framesShown += 1;
    this.renderer.setPositions(frame.positions);
    this.frame = frame;
    if (!old || old.run !== frame.run) {
      if (old && !this.calm.matches) {
        this.renderer.setBefore(old.positions);
        this.turn = { view: this.view, start: now };
      }
      this.ease = null;
      this.setAutoFit(true);
      this.camera.set(this.fitted(frame));
    } else if (this.autoFit) {
      this.follow(frame, now);
    }
    const resting = (frame.flags & RESTING) !== 0 || frame.step === 0;
    if (!resting) this.movingUntil = now + STREAM_QUIET_MS;
    else this.movingUntil = Math.min(this.movingUntil, now);
    this.cameraAt = now;
  }

  /** Keep a growing map whole: out at once, in slowly, and not at all for a few per cent. */
  private follow(frame: Frame, now: number): void {
    const goal = this.fitted(frame);
    if (this.ease) {
      this.ease.to = goal;
      return;
    }
    if ((frame.flags & RESTING) !== 0) {
      if (!sameView(this.view, goal)) this.easeTo(goal);
      return;
    }
    const view = this.view;
    const outward = goal.zoom < view.zoom;
    const shift = Math.hypot(goal.x - view.x, goal.y - view.y) * view.zoom;
    if (Math.abs(Math.log(goal.zoom / view.zoom)) < 0.03 && shift < 0.02 * view.width) return;
    const share = 1 - Math.exp((this.cameraAt - now) / (outward ? 60 : 400));
    this.camera.set(between(view, goal, this.calm.matches ? 1 : share));
  }

  private moveCamera(now: number): void {
    if (this.camera.takeHandMoves()) {
      this.setAutoFit(false);
      this.ease = null;
    }
    if (!this.ease) return;
    const share = (now - this.ease.start) / EASE_MS;
    this.camera.set(between(this.ease.from, this.ease.to, easeInOut(Math.min(1, share))));
    if (share >= 1) this.ease = null;
  }

  private draw(now: number, fresh: Frame | null): void {
    const frame = this.frame as Frame;
    const moving = now < this.movingUntil || this.ease !== null || this.turn !== null;
    const points = moving ? this.pace.pointsWhileMoving : this.n;
    const view = this.view;
    const turning = this.turn && {
      view: this.turn.view,
      share: easeInOut((now - this.turn.start) / TURN_MS),
    };
    const diameter = dotSize(points, this.fitted(frame).zoom, view);
    const started = performance.now();
    this.renderer.draw({ view, turning, points, diameter, opacity: this.opacity });
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

  /**
   * Facts about the picture as attributes of the canvas, in every build. With `data-camera` and the coordinates
   * (X, Y) of a row from GET api/runs/{id}/frame, the row's pixel in the page is
   *   canvas.left + camera.width / 2 + (X - camera.x) * camera.zoom,
   *   canvas.top + camera.height / 2 - (Y - camera.y) * camera.zoom.
   */
  private report(points = 0, still = false): void {
    const facts = this.canvas.dataset;
    facts.n = String(this.n);
    facts.frames = String(this.framesShown);
    facts.draws = String(this.draws);
    facts.drawn = String(points);
    facts.still = String(still);
    facts.drawMs = this.pace.drawMs.toFixed(1);
    facts.camera = JSON.stringify(this.view);
    if (!this.frame) return;
    facts.run = String(this.frame.run);
    facts.step = String(this.frame.step);
    facts.ready = "true";
  }
}
