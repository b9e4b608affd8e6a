// The edges of the graph of neighbours under the dots: two sets of plain lines over the dots' own positions, so that they
// move with every frame and nothing is uploaded for it.

import {
  BufferAttribute,
  BufferGeometry,
  GLSL3,
  type IUniform,
  LineSegments,
  RawShaderMaterial,
  type Scene,
  Sphere,
  Vector3,
} from "three";
import { shuffledRows } from "./geometry";
import { edgeFragmentShader, edgeVertexShader } from "./shaders";

/** More than so many are a grey cloud, and slow: of more, a random part is drawn. */
export const MOST_EDGES = 600_000;
const FAINTEST = 0.1;
const STRONGEST = 0.6;
const CLEAR = 4000; // edges that are drawn as strongly as there is

/** Who is joined to whom: `each` neighbours of every row, row by row. */
export interface Graph {
  neighbours: Uint32Array;
  each: number;
}

/** The edges in two lists of pairs, those within one class and those between two, in a random order of the rows. */
export function sorted(
  { neighbours, each }: Graph,
  codes: Uint16Array,
): { within: Uint32Array; between: Uint32Array } {
  const rows = shuffledRows(codes.length);
  const within = new Uint32Array(2 * neighbours.length);
  const between = new Uint32Array(2 * neighbours.length);
  let ofOne = 0;
  let ofTwo = 0;
  for (const row of rows) {
    for (let at = row * each; at < (row + 1) * each; at++) {
      const other = neighbours[at] as number;
      if (codes[row] === codes[other]) {
        within[ofOne++] = row;
        within[ofOne++] = other;
      } else {
        between[ofTwo++] = row;
        between[ofTwo++] = other;
      }
    }
  }
  return { within: within.slice(0, ofOne), between: between.slice(0, ofTwo) };
}

/** How strongly so many edges are drawn: the more there are, the fainter each. */
export const strengthOf = (edges: number): number =>
  Math.min(STRONGEST, Math.max(FAINTEST, STRONGEST * Math.sqrt(CLEAR / Math.max(1, edges))));

export class EdgeLines {
  private readonly strength: IUniform<number> = { value: STRONGEST };
  private readonly sets: readonly LineSegments[];
  private counts: readonly number[] = [0, 0];

  /** `uniforms` are those of the dots: cameras, palette, ground. */
  constructor(uniforms: Readonly<Record<string, IUniform>>) {
    this.sets = [1, 0].map((within) => {
      const material = new RawShaderMaterial({
        glslVersion: GLSL3,
        vertexShader: edgeVertexShader,
        fragmentShader: edgeFragmentShader,
        transparent: true,
        depthTest: false,
        depthWrite: false,
        uniforms: { ...uniforms, strength: this.strength, within: { value: within } },
      });
      const geometry = new BufferGeometry();
      geometry.boundingSphere = new Sphere(new Vector3(), Number.POSITIVE_INFINITY);
      const lines = new LineSegments(geometry, material);
      lines.frustumCulled = false;
      lines.visible = false;
      lines.renderOrder = -1;
      return lines;
    });
  }

  get geometries(): readonly BufferGeometry[] {
    return this.sets.map((lines) => lines.geometry);
  }

  addTo(scene: Scene, attributes: BufferGeometry["attributes"]): void {
    for (const lines of this.sets) {
      for (const name of ["position", "before", "code", "left_out"]) {
        lines.geometry.setAttribute(name, attributes[name] as BufferAttribute);
      }
      scene.add(lines);
    }
  }

  /** Draw the edges of that graph; null: none. */
  set(graph: Graph | null, codes: Uint16Array): void {
    const lists = graph ? sorted(graph, codes) : { within: new Uint32Array(), between: new Uint32Array() };
    const all = (lists.within.length + lists.between.length) / 2;
    const part = Math.min(1, MOST_EDGES / Math.max(1, all));
    this.strength.value = strengthOf(all * part);
    this.counts = [lists.within, lists.between].map((pairs, i) => {
      const lines = this.sets[i] as LineSegments;
      const count = Math.floor((part * pairs.length) / 2);
      lines.geometry.setIndex(new BufferAttribute(pairs.subarray(0, 2 * count), 1));
      lines.visible = count > 0;
      return count;
    });
  }

  /** Draw that share of them from here on. */
  take(share: number): void {
    this.sets.forEach((lines, i) => {
      lines.geometry.setDrawRange(0, 2 * Math.ceil(share * (this.counts[i] as number)));
    });
  }

  dispose(): void {
    for (const { geometry, material } of this.sets) {
      geometry.dispose();
      (material as RawShaderMaterial).dispose();
    }
  }
}
