// The 2-D camera: three's OrbitControls with turning switched off, and views that can be set and eased to.

import { MOUSE, OrthographicCamera, TOUCH } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { View } from "./geometry";

const AWAY = 10;

export class MapCamera {
  private readonly camera = new OrthographicCamera(-1, 1, 1, -1, 0.1, 100);
  private readonly controls: OrbitControls;
  private own: View = { x: 0, y: 0, zoom: 1, width: 2, height: 2 };

  /** `onTouched` is called whenever a person may have moved the map: then ask `takeHandMoves`. */
  constructor(element: HTMLElement, onTouched: () => void) {
    this.controls = new OrbitControls(this.camera, element);
    Object.assign(this.controls, {
      enableRotate: false,
      zoomToCursor: true,
      zoomSpeed: 4,
      screenSpacePanning: true,
    });
    this.controls.mouseButtons = { LEFT: MOUSE.PAN, MIDDLE: MOUSE.PAN, RIGHT: MOUSE.PAN };
    this.controls.touches = { ONE: TOUCH.PAN, TWO: TOUCH.DOLLY_PAN };
    // OrbitControls' own "change" event is silent for steps below 1e-3 map units, and a t-SNE map starts at 1e-4.
    element.addEventListener("wheel", onTouched, { passive: true });
    element.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0) onTouched();
    });
    this.set(this.own);
  }

  get view(): View {
    const { position, zoom } = this.camera;
    return { x: position.x, y: position.y, zoom, width: this.own.width, height: this.own.height };
  }

  /** Whether a person has panned or zoomed since the view was last set or asked about. */
  takeHandMoves(): boolean {
    const now = this.view;
    const moved =
      Math.hypot(now.x - this.own.x, now.y - this.own.y) * now.zoom > 0.5 ||
      Math.abs(now.zoom / this.own.zoom - 1) > 1e-6;
    if (moved) this.own = now;
    return moved;
  }

  set(view: View): void {
    this.own = view;
    const { camera } = this;
    camera.left = -view.width / 2;
    camera.right = view.width / 2;
    camera.top = view.height / 2;
    camera.bottom = -view.height / 2;
    camera.zoom = view.zoom;
    camera.position.set(view.x, view.y, AWAY);
    this.controls.target.set(view.x, view.y, 0);
    camera.updateProjectionMatrix();
    this.controls.update();
  }
}
