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
): { within: Uint32Array<ArrayBuffer>; between: Uint32Array<ArrayBuffer> } {
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

/** What is drawn of a graph: pairs of rows in two lists, and how strongly. */
export interface Lines {
  within: Uint32Array<ArrayBuffer>;
  between: Uint32Array<ArrayBuffer>;
  strength: number;
}

const NO_LINES: Lines = { within: new Uint32Array(), between: new Uint32Array(), strength: STRONGEST };

export function linesOf(graph: Graph, codes: Uint16Array): Lines {
  const { within, between } = sorted(graph, codes);
  const all = (within.length + between.length) / 2;
  const share = Math.min(1, MOST_EDGES / Math.max(1, all));
  return { within: part(within, share), between: part(between, share), strength: strengthOf(all * share) };
}

/** That share of the pairs, from the first. */
export const part = (pairs: Uint32Array<ArrayBuffer>, share: number): Uint32Array<ArrayBuffer> =>
  pairs.subarray(0, 2 * Math.ceil((share * pairs.length) / 2));

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
    const lines = graph ? linesOf(graph, codes) : NO_LINES;
    this.strength.value = lines.strength;
    this.counts = [lines.within, lines.between].map((pairs, i) => {
      const drawn = this.sets[i] as LineSegments;
      drawn.geometry.setIndex(new BufferAttribute(pairs, 1));
      drawn.visible = pairs.length > 0;
      return pairs.length / 2;
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
