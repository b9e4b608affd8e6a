/** Grey values 0..255 as RGBA, turned over where the ink would otherwise be as light as the paper. */
export function inkOnPaper(pixels: Uint8Array, invert: boolean): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * pixels.length);
  pixels.forEach((value, i) => {
    const grey = invert ? 255 - value : value;
    rgba.set([grey, grey, grey, 255], 4 * i);
  });
  return rgba;
}

/** Red, green and blue as RGBA: colours mean what they are, in either theme. */
export function inColour(pixels: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((4 * pixels.length) / 3).fill(255);
  for (let i = 0; i < pixels.length / 3; i++) rgba.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
  return rgba;
}
