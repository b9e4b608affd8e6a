// The dots: one three.js Points object with our own shader. Nothing is instanced, nothing is drawn by itself:
// whoever owns the renderer says when.

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  DynamicDrawUsage,
  GLSL3,
  NearestFilter,
  OrthographicCamera,
  Points,
  RawShaderMaterial,
  RGBAFormat,
  Scene,
  Sphere,
  UnsignedByteType,
  Vector3,
  Vector4,
  WebGLRenderer,
} from "three";
import type { Rgb } from "../palette";
import { shuffledRows, type View } from "./geometry";
import { fragmentShader, PALETTE_WIDTH, vertexShader } from "./shaders";

export interface Look {
  ground: Rgb;
  /** what the dots' rim multiplies their colour by: below 1 darker, for light grounds */
  rimShade: number;
}

export interface ClassLook {
  colour: Rgb;
  opacity: number; // 0 hides the class
}

export interface Drawing {
  view: View;
  /** the map before and how far it has turned into this one; null when nothing turns */
  turning: { view: View; share: number } | null;
  points: number;
  diameter: number; // CSS pixels
  opacity: number;
}

const LARGEST_RATIO = 2;

export class PointRenderer {
  private readonly gl: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly unused = new OrthographicCamera();
  private readonly material: RawShaderMaterial;
  private readonly palette: DataTexture;
  private points: Points | null = null;
  private look: Look = { ground: [255, 255, 255], rimShade: 1 };
  private readonly pixel = new Uint8Array(4);

  /** Throws where the browser has no WebGL 2. */
  constructor(canvas: HTMLCanvasElement, classes: number, onRestored: () => void) {
    this.gl = new WebGLRenderer({ canvas, antialias: false, alpha: false, depth: false, stencil: false });
    this.gl.sortObjects = false;
    const rows = Math.ceil((classes + 1) / PALETTE_WIDTH);
    const texels = new Uint8Array(PALETTE_WIDTH * rows * 4);
    this.palette = new DataTexture(texels, PALETTE_WIDTH, rows, RGBAFormat, UnsignedByteType);
    this.palette.magFilter = NearestFilter;
    this.palette.minFilter = NearestFilter;
    this.material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      uniforms: {
        view: { value: new Vector4() },
        viewBefore: { value: new Vector4() },
        share: { value: 1 },
        diameter: { value: 4 },
        rim: { value: 0 },
        rimShade: { value: 1 },
        opacity: { value: 1 },
        palette: { value: this.palette },
      },
    });
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.setLook(this.look); // three brings the buffers back, but not the clear colour
      onRestored();
    });
  }

  get lost(): boolean {
    return this.gl.getContext().isContextLost();
  }

  resize(width: number, height: number): void {
    this.gl.setPixelRatio(Math.min(window.devicePixelRatio, LARGEST_RATIO));
    this.gl.setSize(width, height, false);
  }

  setLook(look: Look): void {
    this.look = look;
    const [r, g, b] = look.ground;
    this.gl.setClearColor(new Color(`rgb(${r}, ${g}, ${b})`), 1);
    this.uniform("rimShade", look.rimShade);
  }

  setClasses(looks: readonly ClassLook[]): void {
    const texels = this.palette.image.data as Uint8Array;
    looks.forEach(({ colour, opacity }, code) => {
      texels.set([...colour, Math.round(255 * opacity)], 4 * code);
    });
    this.palette.needsUpdate = true;
  }

  /** The rows' class codes; rows without a class carry the code after the last class. */
  setRows(codes: Uint16Array<ArrayBuffer>): void {
    const geometry = new BufferGeometry();
    const n = codes.length;
    for (const name of ["position", "before"]) {
      geometry.setAttribute(name, new BufferAttribute(new Float32Array(2 * n), 2).setUsage(DynamicDrawUsage));
    }
    geometry.setAttribute("code", new BufferAttribute(codes, 1));
    geometry.setIndex(new BufferAttribute(shuffledRows(n), 1));
    // With two components three would compute a bounding sphere of NaN; nothing is culled or sorted by it.
    geometry.boundingSphere = new Sphere(new Vector3(), Number.POSITIVE_INFINITY);
    this.points = new Points(geometry, this.material);
    this.points.frustumCulled = false;
    this.scene.clear();
    this.scene.add(this.points);
  }

  /** Adopt the positions of a frame, not a copy of them. */
  setPositions(positions: Float32Array<ArrayBuffer>): void {
    this.replace("position", positions);
  }

  /** Keep these positions as the map that the next one grows out of. */
  setBefore(positions: Float32Array<ArrayBuffer>): void {
    this.replace("before", positions);
  }

  draw(drawing: Drawing): void {
    const ratio = this.gl.getPixelRatio();
    const diameter = drawing.diameter * ratio;
    this.place("view", drawing.view);
    if (drawing.turning) this.place("viewBefore", drawing.turning.view);
    this.uniform("share", drawing.turning?.share ?? 1);
    this.uniform("diameter", diameter);
    this.uniform("opacity", drawing.opacity);
    this.uniform("rim", drawing.diameter >= 4 ? ratio : 0);
    this.points?.geometry.setDrawRange(0, drawing.points);
    this.gl.render(this.scene, this.unused);
  }

  /** Wait until the picture is really there: what a draw takes can only be measured by asking for a pixel. */
  finish(): void {
    const gl = this.gl.getContext();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, this.pixel);
  }

  private replace(name: "position" | "before", values: Float32Array<ArrayBuffer>): void {
    const attribute = this.points?.geometry.getAttribute(name) as BufferAttribute | undefined;
    if (!attribute || attribute.array.length !== values.length) {
      throw new Error(
        `The map has ${(attribute?.array.length ?? 0) / 2} rows, the frame ${values.length / 2}.`,
      );
    }
    attribute.array = values;
    attribute.needsUpdate = true;
  }

  private place(name: "view" | "viewBefore", view: View): void {
    const value = this.material.uniforms[name]?.value as Vector4;
    value.set(view.x, view.y, (2 * view.zoom) / view.width, (2 * view.zoom) / view.height);
  }

  private uniform(name: string, value: number): void {
    const uniform = this.material.uniforms[name];
    if (uniform) uniform.value = value;
  }
}
