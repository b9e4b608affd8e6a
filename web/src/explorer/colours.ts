// Values as colours: weights of either sign in red and blue with nothing at zero, and rows of values as bytes. Pure.

import { inColour, inkOnPaper } from "../ink";
import type { Rgb } from "../palette";

/** Below zero and above it; apart for colour-blind eyes, and each with enough contrast on its ground. */
export const SIGNS: Readonly<Record<"light" | "dark", readonly [Rgb, Rgb]>> = {
  light: [
    [178, 24, 43],
    [33, 102, 172],
  ],
  dark: [
    [255, 120, 104],
    [92, 170, 255],
  ],
};

const GAMMA = 0.75; // small weights, which are many, still show
const INK = 0.8; // of an image that lies beneath weights
const VEIL = 0.72; // how much weights cover of it

/** Values of the data as bytes, the data's range spread over 0 to 255, as the server spreads those of images. */
export function asBytes(values: Float32Array, [low, high]: readonly [number, number]): Uint8Array {
  const scale = 255 / (high - low || 1);
  return Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? 0 : Math.min(255, Math.max(0, Math.round((value - low) * scale))),
  );
}

/** One number for each pixel: the mean of its channels. */
export function perPixel(values: ArrayLike<number>, channels: number): Float32Array {
  const found = new Float32Array(values.length / channels);
  for (let i = 0; i < values.length; i++) {
    const pixel = Math.floor(i / channels);
    found[pixel] = (found[pixel] as number) + (values[i] as number) / channels;
  }
  return found;
}

/** An image as the screen shows it, in grey or in colour. */
export function imageRgba(
  bytes: Uint8Array,
  channels: number,
  invert: boolean,
): Uint8ClampedArray<ArrayBuffer> {
  return channels === 3 ? inColour(bytes) : inkOnPaper(bytes, invert);
}

/**
 * Weights as colours: the ground where they are zero, red below and blue above, the deeper the further from zero, with
 * `most` the deepest. With `beneath`, 0 to 1 for each pixel, an image's ink shows through.
 */
export function signedRgba(
  weights: Float32Array,
  most: number,
  ground: Rgb,
  theme: "light" | "dark",
  beneath: Float32Array | null = null,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * weights.length);
  const ink = theme === "light" ? 0 : 255;
  weights.forEach((weight, pixel) => {
    const depth = Math.min(1, Math.abs(weight) / (most || 1)) ** GAMMA;
    const colour = SIGNS[theme][weight < 0 ? 0 : 1];
    const cover = (beneath ? VEIL : 1) * depth;
    for (let channel = 0; channel < 3; channel++) {
      const paper = ground[channel] as number;
      const base = paper + (ink - paper) * INK * (beneath?.[pixel] ?? 0);
      rgba[4 * pixel + channel] = base + ((colour[channel] as number) - base) * cover;
    }
    rgba[4 * pixel + 3] = 255;
  });
  return rgba;
}

export const largest = (values: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] as number));
  return most;
};
