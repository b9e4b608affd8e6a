// The dots: one three.js Points object with our own shader. Nothing is instanced, nothing is drawn by itself:
// whoever owns the renderer says when.

import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DataTexture,
  DynamicDrawUsage,
  GLSL3,
  Matrix3,
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
import {
  type ClassLook,
  DIMMED,
  type Drawing,
  GROWN,
  type Look,
  type Renderer,
  screenRatio,
  type ValueLook,
} from "./drawing";
import { EdgeLines, type Graph } from "./edges";
import { DepthOrder, shuffledRows } from "./geometry";
import { fragmentShader, PALETTE_WIDTH, vertexShader } from "./shaders";
import { eyeOf, type View } from "./view";

export class PointRenderer implements Renderer {
  readonly kind = "webgl";
  private readonly gl: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly unused = new OrthographicCamera();
  private readonly material: RawShaderMaterial;
  private readonly palette: DataTexture;
  private readonly ramp: DataTexture;
  private points: Points | null = null;
  private readonly edges: EdgeLines;
  private chosen: Points | null = null; // the selected rows, once more and above all others
  private chosenCount = 0;
  private mixed = new BufferAttribute(new Uint32Array(), 1); // the rows in a random order
  private byDepth = new BufferAttribute(new Uint32Array(), 1); // some of them, the farthest first
  private order = new DepthOrder(0);
  private look: Look = { ground: [255, 255, 255], rimShade: 1 };
  private readonly pixel = new Uint8Array(4);

  /** Throws where the browser has no WebGL 2. */
  constructor(canvas: HTMLCanvasElement, classes: number, onRestored: () => void) {
    this.gl = new WebGLRenderer({ canvas, antialias: false, alpha: false, depth: false, stencil: false });
    this.gl.sortObjects = false;
    this.palette = texture(Math.ceil((classes + 1) / PALETTE_WIDTH));
    this.ramp = texture(1);
    this.material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader,
      fragmentShader,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      uniforms: {
        centre: { value: new Vector3() },
        axes: { value: new Matrix3() },
        optics: { value: new Vector4() },
        centreBefore: { value: new Vector3() },
        axesBefore: { value: new Matrix3() },
        opticsBefore: { value: new Vector4() },
        share: { value: 1 },
        diameter: { value: 4 },
        ratio: { value: 1 },
        rimShade: { value: 1 },
        opacity: { value: 1 },
        ground: { value: new Vector3() },
        scale: { value: new Vector3() },
        palette: { value: this.palette },
        ramp: { value: this.ramp },
        dimmed: { value: 0 },
        grown: { value: 1 },
      },
    });
    this.edges = new EdgeLines(this.material.uniforms);
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.setLook(this.look); // three brings the buffers back, but not the clear colour
      onRestored();
    });
  }

  get lost(): boolean {
    return this.gl.getContext().isContextLost();
  }

  dispose(): void {
    this.points?.geometry.dispose();
    this.chosen?.geometry.dispose();
    this.edges.dispose();
    this.material.dispose();
    this.gl.dispose();
    this.gl.forceContextLoss();
  }

  resize(width: number, height: number, ratio = screenRatio()): void {
    this.gl.setPixelRatio(ratio);
    this.gl.setSize(width, height, false);
  }

  setLook(look: Look): void {
    this.look = look;
    const [r, g, b] = look.ground;
    this.gl.setClearColor(new Color(`rgb(${r}, ${g}, ${b})`), 1);
    this.vector("ground").set(r / 255, g / 255, b / 255);
    this.uniform("rimShade", look.rimShade);
  }

  setClasses(looks: readonly ClassLook[]): void {
    const texels = this.palette.image.data as Uint8Array;
    looks.forEach(({ colour, opacity }, code) => {
      texels.set([...colour, Math.round(255 * opacity)], 4 * code);
    });
    this.palette.needsUpdate = true;
  }

  setValues(look: ValueLook | null): void {
    this.vector("scale").set(look ? 1 : 0, look?.low ?? 0, look ? 1 / (look.high - look.low || 1) : 0);
    const attribute = this.points?.geometry.getAttribute("value") as BufferAttribute | undefined;
    if (!look || !attribute) return;
    if (look.values.length !== attribute.count) {
      throw new Error(`The map has ${attribute.count} rows, the colours ${look.values.length} values.`);
    }
    attribute.array = look.values;
    attribute.needsUpdate = true;
    const texels = this.ramp.image.data as Uint8Array;
    const last = look.ramp.length - 1;
    for (let i = 0; i < PALETTE_WIDTH; i++) {
      texels.set(look.ramp[Math.round((i * last) / (PALETTE_WIDTH - 1))] ?? [0, 0, 0], 4 * i);
    }
    this.ramp.needsUpdate = true;
  }

  setSelected(rows: Uint32Array): void {
    this.chosenCount = rows.length;
    this.chosen?.geometry.setIndex(new BufferAttribute(Uint32Array.from(rows), 1));
    this.chosen?.geometry.setDrawRange(0, rows.length);
    if (this.chosen) this.chosen.visible = rows.length > 0;
  }

  setLeftOut(flags: Uint8Array | null): void {
    const attribute = this.points?.geometry.getAttribute("left_out") as BufferAttribute | undefined;
    if (!attribute) return;
    if (flags && flags.length !== attribute.count) {
      throw new Error(`The map has ${attribute.count} rows, the filter ${flags.length}.`);
    }
    (attribute.array as Uint8Array).set(flags ?? new Uint8Array(attribute.count));
    attribute.needsUpdate = true;
  }

  setEdges(graph: Graph | null): void {
    const codes = this.points?.geometry.getAttribute("code").array;
    if (codes) this.edges.set(graph, codes as Uint16Array);
  }

  setRows(codes: Uint16Array<ArrayBuffer>): void {
    const geometry = new BufferGeometry();
    const n = codes.length;
    for (const name of ["position", "before"]) {
      geometry.setAttribute(name, new BufferAttribute(new Float32Array(2 * n), 2).setUsage(DynamicDrawUsage));
    }
    geometry.setAttribute("code", new BufferAttribute(codes, 1));
    geometry.setAttribute("value", new BufferAttribute(new Float32Array(n), 1));
    geometry.setAttribute("left_out", new BufferAttribute(new Uint8Array(n), 1));
    this.order = new DepthOrder(n);
    this.mixed = new BufferAttribute(shuffledRows(n), 1);
    this.byDepth = new BufferAttribute(this.order.rows, 1).setUsage(DynamicDrawUsage);
    geometry.setIndex(this.mixed);
    this.points = this.drawnFrom(geometry, () => [this.chosenCount > 0 ? DIMMED : 0, 1]);
    const above = new BufferGeometry();
    for (const [name, attribute] of Object.entries(geometry.attributes)) above.setAttribute(name, attribute);
    this.chosen = this.drawnFrom(above, () => [0, GROWN]);
    this.scene.clear();
    this.edges.addTo(this.scene, geometry.attributes); // drawn in the order that they are added: the dots lie on top
    this.scene.add(this.points, this.chosen);
    this.setSelected(new Uint32Array());
  }

  private drawnFrom(geometry: BufferGeometry, look: () => [dimmed: number, grown: number]): Points {
    // With two components three would compute a bounding sphere of NaN; nothing is culled or sorted by it.
    geometry.boundingSphere = new Sphere(new Vector3(), Number.POSITIVE_INFINITY);
    const points = new Points(geometry, this.material);
    points.frustumCulled = false;
    points.onBeforeRender = () => {
      const [dimmed, grown] = look();
      this.uniform("dimmed", dimmed);
      this.uniform("grown", grown);
      this.material.uniformsNeedUpdate = true;
    };
    return points;
  }

  setPositions(dim: 2 | 3, positions: Float32Array<ArrayBuffer>): void {
    this.replace("position", dim, positions);
  }

  setBefore(dim: 2 | 3, positions: Float32Array<ArrayBuffer>): void {
    this.replace("before", dim, positions);
  }

  draw(drawing: Drawing): void {
    const { view, turning, points } = drawing;
    const ratio = this.gl.getPixelRatio();
    this.place("", view, drawing.radius);
    if (turning) this.place("Before", turning.view, turning.radius);
    this.uniform("share", turning?.share ?? 1);
    this.uniform("diameter", drawing.diameter * ratio);
    this.uniform("ratio", ratio);
    this.uniform("opacity", drawing.opacity);
    const geometry = this.points?.geometry;
    if (view.dim === 3 && geometry) {
      const positions = geometry.getAttribute("position").array as Float32Array;
      this.order.sort(eyeOf(view).toward, positions, this.mixed.array as Uint32Array, points);
      this.byDepth.needsUpdate = true;
    }
    geometry?.setIndex(view.dim === 3 ? this.byDepth : this.mixed);
    geometry?.setDrawRange(0, points);
    this.edges.take(points / Math.max(1, this.mixed.count));
    this.gl.render(this.scene, this.unused);
  }

  /** Wait until the picture is really there: what a draw takes can only be measured by asking for a pixel. */
  finish(): void {
    const gl = this.gl.getContext();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, this.pixel);
  }

  private replace(name: "position" | "before", dim: 2 | 3, values: Float32Array<ArrayBuffer>): void {
    const geometry = this.points?.geometry;
    const attribute = geometry?.getAttribute(name) as BufferAttribute | undefined;
    if (!attribute || attribute.count !== values.length / dim) {
      throw new Error(`The map has ${attribute?.count ?? 0} rows, the frame ${values.length / dim}.`);
    }
    if (attribute.itemSize !== dim) {
      const fresh = new BufferAttribute(values, dim).setUsage(DynamicDrawUsage);
      const others = [this.points?.geometry, this.chosen?.geometry, ...this.edges.geometries];
      for (const each of others) each?.setAttribute(name, fresh);
      return;
    }
    attribute.array = values;
    attribute.needsUpdate = true;
  }

  private place(which: "" | "Before", view: View, radius: number): void {
    const { right, up, toward, lens } = eyeOf(view);
    this.vector(`centre${which}`).set(view.x, view.y, view.z);
    const axes = this.material.uniforms[`axes${which}`]?.value as Matrix3;
    axes.set(...right, ...up, ...toward);
    const optics = this.material.uniforms[`optics${which}`]?.value as Vector4;
    const haze = view.dim === 3 && radius > 0 ? 0.5 / radius : 0;
    optics.set((2 * view.zoom) / view.width, (2 * view.zoom) / view.height, lens, haze);
  }

  private vector(name: string): Vector3 {
    return this.material.uniforms[name]?.value as Vector3;
  }

  private uniform(name: string, value: number): void {
    const uniform = this.material.uniforms[name];
    if (uniform) uniform.value = value;
  }
}

function texture(rows: number): DataTexture {
  const texels = new Uint8Array(PALETTE_WIDTH * rows * 4);
  const made = new DataTexture(texels, PALETTE_WIDTH, rows, RGBAFormat, UnsignedByteType);
  made.magFilter = NearestFilter;
  made.minFilter = NearestFilter;
  return made;
}
