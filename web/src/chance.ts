// Random numbers by counter, the very ones of the library (core/rng): each is a hash of (seed, row), so that the app and
// the command line show the same random images for the same seed. A word of 64 bits is two of 32.

type Word = [high: number, low: number];

const GOLDEN: Word = [0x9e3779b9, 0x7f4a7c15];

function product(a: Word, b: Word): Word {
  const [a0, a1] = [a[1] & 0xffff, a[1] >>> 16];
  const [b0, b1] = [b[1] & 0xffff, b[1] >>> 16];
  const low = a0 * b0;
  const middle = a1 * b0 + (low >>> 16);
  const other = a0 * b1 + (middle & 0xffff);
  const carried = a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
  const high = (carried + Math.imul(a[0], b[1]) + Math.imul(a[1], b[0])) >>> 0;
  return [high, (((other & 0xffff) << 16) | (low & 0xffff)) >>> 0];
}

function sum(a: Word, b: Word): Word {
  const low = a[1] + b[1];
  return [(a[0] + b[0] + (low > 0xffffffff ? 1 : 0)) >>> 0, low >>> 0];
}

/** z ^ (z >> bits), for less than 32 bits. */
const folded = (z: Word, bits: number): Word => [
  (z[0] ^ (z[0] >>> bits)) >>> 0,
  (z[1] ^ ((z[1] >>> bits) | (z[0] << (32 - bits)))) >>> 0,
];

/** The finaliser of SplitMix64. */
function mixed(z: Word): Word {
  const once = product(folded(z, 30), [0xbf58476d, 0x1ce4e5b9]);
  return folded(product(folded(once, 27), [0x94d049bb, 0x133111eb]), 31);
}

const word = (value: number): Word => [Math.floor(value / 2 ** 32) >>> 0, value >>> 0];

/** One number in (0, 1) for each row: `rng.uniform(seed, 0, n, 1)`. The seed is a whole number from 0. */
export function chances(seed: number, n: number): Float64Array {
  const key = mixed(product(word(seed), GOLDEN));
  const found = new Float64Array(n);
  let step: Word = key;
  for (let row = 0; row < n; row++) {
    step = sum(step, GOLDEN); // key + (row + 1) · golden
    const [high, low] = mixed(sum(mixed(step), GOLDEN));
    found[row] = (high * 2 ** 21 + (low >>> 11) + 0.5) / 2 ** 53;
  }
  return found;
}
