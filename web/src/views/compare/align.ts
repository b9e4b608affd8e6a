// One map laid over another as well as moving, turning, mirroring and one scale allow: Procrustes (Gower, 1975). Pure.

/** Row-major dim × dim. */
type Matrix = number[];

export interface Laid {
  /** (n, dim), in the units of the other map. */
  positions: Float32Array<ArrayBuffer>;
  /** What is left: the root of the mean squared distance of the rows, over the other map's own spread. */
  residual: number;
}

/** `moved` laid over `still`; both (n, dim), in the same order of rows. */
export function laidOver(still: Float32Array, moved: Float32Array, dim: 2 | 3): Laid {
  const n = still.length / dim;
  const a = mean(still, dim);
  const b = mean(moved, dim);
  const cross: Matrix = new Array(dim * dim).fill(0);
  let spreadA = 0;
  let spreadB = 0;
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < dim; i++) {
      const left = (still[dim * row + i] as number) - (a[i] as number);
      const own = (moved[dim * row + i] as number) - (b[i] as number);
      spreadA += left * left;
      spreadB += own * own;
      for (let j = 0; j < dim; j++) {
        const right = (moved[dim * row + j] as number) - (b[j] as number);
        cross[dim * i + j] = (cross[dim * i + j] as number) + left * right;
      }
    }
  }
  const turn = nearestRotation(cross, dim);
  let trace = 0;
  for (let i = 0; i < dim * dim; i++) trace += (cross[i] as number) * (turn[i] as number);
  const scale = spreadB > 0 ? trace / spreadB : 1;
  const positions = new Float32Array(still.length);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < dim; i++) {
      let sum = 0;
      for (let j = 0; j < dim; j++) {
        sum += (turn[dim * i + j] as number) * ((moved[dim * row + j] as number) - (b[j] as number));
      }
      positions[dim * row + i] = (a[i] as number) + scale * sum;
    }
  }
  const left = Math.max(0, spreadA - scale * trace);
  return { positions, residual: spreadA > 0 ? Math.sqrt(left / spreadA) : 0 };
}

function mean(positions: Float32Array, dim: number): number[] {
  const sums = new Array<number>(dim).fill(0);
  const n = positions.length / dim;
  for (let at = 0; at < positions.length; at++)
    sums[at % dim] = (sums[at % dim] as number) + (positions[at] as number);
  return sums.map((sum) => sum / Math.max(1, n));
}

const STEPS = 60;
const TINY = 1e-9; // of the matrix's size, added to its diagonal: a map on a line has no turn of its own about it

/** The orthogonal matrix, a turn or a mirrored one, nearest to this one, by Newton's iteration (Higham, 1986). */
export function nearestRotation(matrix: readonly number[], dim: 2 | 3): Matrix {
  const size = Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0));
  if (size === 0) return identity(dim);
  let now: Matrix = matrix.map((value, i) => value / size + (i % (dim + 1) === 0 ? TINY : 0));
  for (let step = 0; step < STEPS; step++) {
    const back = inverseTransposed(now, dim);
    if (!back) return identity(dim);
    const next = now.map((value, i) => 0.5 * (value + (back[i] as number)));
    const moved = next.reduce((sum, value, i) => sum + Math.abs(value - (now[i] as number)), 0);
    now = next;
    if (moved < 1e-12) break;
  }
  return now;
}

const identity = (dim: number): Matrix =>
  Array.from({ length: dim * dim }, (_, i) => (i % (dim + 1) === 0 ? 1 : 0));

function inverseTransposed(m: Matrix, dim: 2 | 3): Matrix | null {
  const at = (i: number): number => m[i] as number;
  if (dim === 2) {
    const det = at(0) * at(3) - at(1) * at(2);
    return det === 0 ? null : [at(3) / det, -at(2) / det, -at(1) / det, at(0) / det];
  }
  const c = [
    at(4) * at(8) - at(5) * at(7),
    at(5) * at(6) - at(3) * at(8),
    at(3) * at(7) - at(4) * at(6),
    at(2) * at(7) - at(1) * at(8),
    at(0) * at(8) - at(2) * at(6),
    at(1) * at(6) - at(0) * at(7),
    at(1) * at(5) - at(2) * at(4),
    at(2) * at(3) - at(0) * at(5),
    at(0) * at(4) - at(1) * at(3),
  ];
  const det = at(0) * (c[0] as number) + at(1) * (c[1] as number) + at(2) * (c[2] as number);
  return det === 0 ? null : c.map((value) => value / det);
}

/** The rows that moved the farthest from one map to the other, farthest first; of these rows alone where there are any. */
export function farthest(
  one: Float32Array,
  other: Float32Array,
  dim: 2 | 3,
  count: number,
  among: Uint32Array | null,
): number[] {
  const rows = among ?? Uint32Array.from({ length: one.length / dim }, (_, row) => row);
  const far = Array.from(rows, (row) => {
    let d2 = 0;
    for (let axis = 0; axis < dim; axis++) {
      d2 += ((one[dim * row + axis] as number) - (other[dim * row + axis] as number)) ** 2;
    }
    return { row, d2 };
  });
  far.sort((a, b) => b.d2 - a.d2 || a.row - b.row);
  return far.slice(0, count).map((each) => each.row);
}
