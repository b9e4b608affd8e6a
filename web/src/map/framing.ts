// Where the camera stands over the map: a hand's moves, eased moves, and keeping a map whole while it grows.

import type { Frame } from "../net/frame";
import { MapCamera } from "./camera";
import { extentOf } from "./geometry";
import { Gestures } from "./gestures";
import {
  type Box,
  between,
  type Extent,
  easeInOut,
  fitView,
  HOME,
  panned,
  rotated,
  sameOrientation,
  sameView,
  type View,
  zoomedAt,
} from "./view";

const EASE_MS = 250;
const OUTWARD_MS = 60;
const INWARD_MS = 400;
const SOUGHT = 6; // times the zoom of the whole map, at which a row that is sought is seen

/** From where a map is looked at; `fitting` where it is kept whole, whatever its size. */
export type Stand = Pick<View, "x" | "y" | "z" | "zoom" | "orientation"> & { fitting: boolean };

export interface FramingEvents {
  /** A person is about to move the camera, by one gesture. */
  onGesture(says: string): void;
  /** A hand moved or turned the map, or something asked for another view: draw. */
  onMoved(byHand: boolean): void;
  /** A person turned a 3-D map. */
  onTurned(): void;
  /** Whether the camera stands where `fit` would put it. */
  onFitted(on: boolean): void;
}

export class Framing {
  private readonly camera: MapCamera;
  private frame: Frame | null = null;
  private extent: Extent = { lo: [], hi: [], radius: 0 };
  private inset: Box = { left: 0, top: 0, right: 0, bottom: 0 };
  private autoFit = true;
  private fittedSaid = true;
  private ease: { from: View; to: View; start: number } | null = null;
  private followedAt = 0;
  private readonly gestures: Gestures;

  constructor(
    element: HTMLElement,
    private readonly calm: () => boolean,
    private readonly events: FramingEvents,
  ) {
    this.gestures = new Gestures((says) => {
      if (this.frame) events.onGesture(says);
    });
    this.camera = new MapCamera(element, {
      onHeld: (on) => (on ? this.gestures.hold() : this.gestures.release()),
      onMoving: (says) => this.gestures.move(says, performance.now()),
      onTouched: () => {
        this.ease = null;
        events.onMoved(true);
      },
      onTurned: () => events.onTurned(),
      onReset: () => this.fit(),
      throws: () => !calm(),
    });
  }

  /** Whether the camera keeps the whole map on the stage. */
  get fitting(): boolean {
    return this.autoFit;
  }

  get view(): View {
    return this.camera.view;
  }

  /** How far rows are from the middle of the map at most; 0 for a flat one. */
  get radius(): number {
    return this.extent.radius;
  }

  /** The view of the whole map, a 3-D one from the side that it is seen from now. */
  get fitted(): View {
    const { width, height, dim, orientation } = this.view;
    const shown = this.frame?.dim ?? 2;
    return fitView(shown, this.extent, [width, height], this.inset, dim === 3 ? orientation : HOME);
  }

  resize(width: number, height: number, inset: Box): void {
    this.inset = inset;
    this.ease = null;
    this.camera.set({ ...this.view, width, height });
    if (this.autoFit && this.frame) this.camera.set(this.fitted);
  }

  /** Another map is on the stage: show the whole of it. */
  show(frame: Frame, now: number): void {
    this.take(frame, now);
    this.ease = null;
    this.autoFit = true;
    this.gestures.end();
    this.camera.takeHandMoves(); // they were made on the other map
    this.camera.stop();
    this.camera.set(this.fitted);
  }

  /** The same map has moved on; keep it whole: out at once, in slowly, and not at all for a few per cent. */
  follow(frame: Frame, now: number, resting: boolean): void {
    const before = this.followedAt;
    this.take(frame, now);
    this.heedHand(); // a hand may have moved since the last picture
    if (!this.autoFit) return;
    const goal = this.fitted;
    if (this.ease) {
      this.ease.to = { ...goal, orientation: this.ease.to.orientation };
      return;
    }
    const view = this.view;
    if (resting) {
      if (!sameView(view, goal)) this.easeTo(goal);
      return;
    }
    const outward = goal.zoom < view.zoom;
    const shift = Math.hypot(goal.x - view.x, goal.y - view.y, goal.z - view.z) * view.zoom;
    if (Math.abs(Math.log(goal.zoom / view.zoom)) < 0.03 && shift < 0.02 * view.width) return;
    const share = 1 - Math.exp((before - now) / (outward ? OUTWARD_MS : INWARD_MS));
    this.camera.set(between(view, goal, this.calm() ? 1 : share));
  }

  /** Show the whole map again, a 3-D one from where it was seen first, and keep it whole while it grows. */
  fit(): void {
    this.heedHand();
    if (!this.fittedNow) this.alone("the whole map");
    this.autoFit = true;
    if (this.frame) this.easeTo({ ...this.fitted, ...(this.frame.dim === 3 && { orientation: HOME }) });
  }

  /** From where the map is looked at, or is going to be in a moment. */
  get stand(): Stand {
    this.heedHand();
    const { x, y, z, zoom, orientation } = this.goal;
    return { fitting: this.autoFit, x, y, z, zoom, orientation };
  }

  /** Go back to where somebody stood before. */
  standAt({ fitting, ...place }: Stand): void {
    this.gestures.end();
    this.autoFit = fitting;
    const { orientation } = this.view.dim === 3 ? place : this.view;
    this.easeTo({ ...(fitting ? this.fitted : { ...this.view, ...place }), orientation });
  }

  /** Bring that place of the map to the middle, at least so near that rows beside it stand apart. */
  goTo(place: ArrayLike<number>): void {
    const [x = 0, y = 0, z = 0] = Array.from(place);
    this.moveTo({ ...this.goal, x, y, z, zoom: Math.max(this.goal.zoom, SOUGHT * this.fitted.zoom) });
  }

  /** Stand at that place at once, as somebody did before. */
  lookFrom(view: Partial<View>): void {
    this.autoFit = false;
    this.ease = null;
    this.camera.stop();
    this.camera.set({ ...this.view, ...view });
    this.events.onMoved(false);
  }

  panBy(dx: number, dy: number): void {
    this.gestures.move("moved the map", performance.now());
    this.moveTo(panned(this.goal, -dx, -dy));
  }

  zoomBy(factor: number): void {
    this.gestures.move("zoomed the map", performance.now());
    const view = this.goal;
    this.moveTo(zoomedAt(view, factor, view.width / 2, view.height / 2));
  }

  /** Turn a 3-D map as a drag by so many pixels would. */
  turnBy(dx: number, dy: number): void {
    if (this.view.dim === 2) return;
    this.gestures.move("turned the map", performance.now());
    this.easeTo(rotated(this.goal, dx, dy));
    this.events.onTurned();
  }

  /** Move the camera to where it is to be now; whether it moves on by itself. */
  advance(now: number): boolean {
    this.heedHand();
    const rolling = this.camera.turnOn(now);
    if (this.ease) {
      const { from, to, start } = this.ease;
      const share = (now - start) / EASE_MS;
      this.camera.set(between(from, to, easeInOut(Math.min(1, share))));
      if (share >= 1) this.ease = null;
    }
    this.sayFitted();
    return rolling || this.ease !== null;
  }

  /** Where a hand has moved the camera, it stays. */
  private heedHand(): void {
    if (!this.camera.takeHandMoves()) return;
    this.autoFit = false;
    this.ease = null;
  }

  /** Where the camera is, or is on its way to. */
  private get goal(): View {
    return this.ease?.to ?? this.view;
  }

  private take(frame: Frame, now: number): void {
    this.frame = frame;
    this.extent = extentOf(frame.dim, frame.positions, frame.lo, frame.hi);
    this.followedAt = now;
  }

  private moveTo(to: View): void {
    this.autoFit = false;
    this.easeTo(to);
  }

  private easeTo(to: View): void {
    this.camera.takeHandMoves(); // what a person did before asking for this is over
    this.camera.stop();
    if (this.calm()) this.camera.set(to);
    else this.ease = { from: this.view, to, start: performance.now() };
    this.events.onMoved(false);
  }

  /** A gesture of its own, whatever was done a moment before. */
  private alone(says: string): void {
    this.gestures.end();
    this.gestures.move(says, performance.now());
    this.gestures.end();
  }

  private get fittedNow(): boolean {
    const view = this.goal;
    return this.autoFit && (view.dim === 2 || sameOrientation(view, { ...view, orientation: HOME }));
  }

  private sayFitted(): void {
    const on = this.fittedNow;
    if (on === this.fittedSaid) return;
    this.fittedSaid = on;
    this.events.onFitted(on);
  }
}
