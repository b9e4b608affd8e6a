// What a small map is worth, counted over all its rows, and how a class lies on it. Pure; cost n² for n rows.

/** The `each` nearest of each row on a map, the nearest first, row after row; of equally near ones the earlier. */
export function nearestOnMap(positions: Float32Array, dim: number, each: number): Uint16Array {
  const n = positions.length / dim;
  const found = new Uint16Array(n * Math.min(each, Math.max(0, n - 1)));
  const count = n === 0 ? 0 : found.length / n;
  const squared = new Float32Array(n);
  for (let row = 0; row < n; row++) {
    squared.fill(0);
    for (let axis = 0; axis < dim; axis++) {
      const at = positions[row * dim + axis] as number;
      for (let other = 0; other < n; other++) {
        const away = (positions[other * dim + axis] as number) - at;
        squared[other] = (squared[other] as number) + away * away;
      }
    }
    squared[row] = Number.POSITIVE_INFINITY;
    for (let place = 0; place < count; place++) {
      let best = 0;
      for (let other = 1; other < n; other++) {
        if ((squared[other] as number) < (squared[best] as number)) best = other;
      }
      found[row * count + place] = best;
      squared[best] = Number.POSITIVE_INFINITY;
    }
  }
  return found;
}

/** For each class, and last for all rows: the mean share of neighbours that are of a row's own class. */
export function purities(near: Uint16Array, codes: Uint16Array, n: number, classes: number): Float64Array {
  const each = near.length / n;
  const own = new Float64Array(classes + 1);
  const counts = new Float64Array(classes + 1);
  for (let row = 0; row < n; row++) {
    const code = codes[row] as number;
    let same = 0;
    for (let i = row * each; i < (row + 1) * each; i++) if (codes[near[i] as number] === code) same += 1;
    for (const to of code < classes ? [code, classes] : [classes]) {
      own[to] = (own[to] as number) + same / each;
      counts[to] = (counts[to] as number) + 1;
    }
  }
  return own.map((sum, code) => sum / (counts[code] as number));
}

/** The share of each row's neighbours in the data that are among its neighbours on the map. */
export function recall(onMap: Uint16Array, inData: Uint16Array, n: number): number {
  const each = onMap.length / n;
  let kept = 0;
  for (let row = 0; row < n; row++) {
    const near = new Set(onMap.subarray(row * each, (row + 1) * each));
    for (const other of inData.subarray(row * each, (row + 1) * each)) if (near.has(other)) kept += 1;
  }
  return kept / onMap.length;
}

/** The share of edges, from each row to its `count` nearest of `each`, that join rows of one class. */
export function joined(near: Uint16Array, each: number, count: number, codes: Uint16Array): number {
  let same = 0;
  const n = near.length / each;
  for (let row = 0; row < n; row++) {
    for (let i = row * each; i < row * each + count; i++) {
      if (codes[near[i] as number] === codes[row]) same += 1;
    }
  }
  return same / (n * count);
}

/** Where rows lie along the direction in which they are spread the most, on a flat map. */
export function alongMain(positions: Float32Array, rows: readonly number[]): Float64Array {
  const x = rows.map((row) => positions[2 * row] as number);
  const y = rows.map((row) => positions[2 * row + 1] as number);
  const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const xx = mean(x.map((v) => (v - mx) ** 2));
  const yy = mean(y.map((v) => (v - my) ** 2));
  const xy = mean(x.map((v, i) => (v - mx) * ((y[i] as number) - my)));
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  return Float64Array.from(
    x,
    (v, i) => (v - mx) * Math.cos(angle) + ((y[i] as number) - my) * Math.sin(angle),
  );
}

/** How far ink leans to the right for each pixel upwards: its covariance of x and y over its variance of y. */
export function slant(ink: ArrayLike<number>, [height, width]: readonly [number, number]): number {
  let [sum, mx, my] = [0, 0, 0];
  const each = (visit: (weight: number, x: number, y: number) => void): void => {
    for (let i = 0; i < height * width; i++)
      visit(ink[i] as number, i % width, height - 1 - Math.floor(i / width));
  };
  each((weight, x, y) => {
    sum += weight;
    mx += weight * x;
    my += weight * y;
  });
  mx /= sum;
  my /= sum;
  let [xy, yy] = [0, 0];
  each((weight, x, y) => {
    xy += weight * (x - mx) * (y - my);
    yy += weight * (y - my) ** 2;
  });
  return yy > 0 ? xy / yy : 0;
}

/** Spearman's correlation of ranks; equal values share their mean rank. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [ra, rb] = [ranks(a), ranks(b)];
  const middle = (ra.length - 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < ra.length; i++) {
    const [u, v] = [(ra[i] as number) - middle, (rb[i] as number) - middle];
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Number.NaN;
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => (values[i] as number) - (values[j] as number),
  );
  const found = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1] as number] === values[order[first] as number])
      last += 1;
    for (let i = first; i <= last; i++) found[order[i] as number] = (first + last) / 2;
    first = last + 1;
  }
  return found;
}
