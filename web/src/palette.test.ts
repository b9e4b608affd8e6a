import { describe, expect, it } from "vitest";
import { classColour, css, PETROFF10, type Rgb, valueColour, valueRamp } from "./palette";

it("begins with petroff10", () => {
  expect(PETROFF10).toHaveLength(10);
  expect(css(classColour(0, 10))).toBe("rgb(63 144 218)");
});

it("has another colour for each of 47 classes, and grey for rows without one", () => {
  const colours = Array.from({ length: 48 }, (_, code) => css(classColour(code, 47)));
  expect(new Set(colours).size).toBe(48);
});

describe("the ramp of a value", () => {
  const decode = (channel: number): number =>
    channel <= 10.31475 ? channel / 3294.6 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]: Rgb): number => 0.2126 * decode(r) + 0.7152 * decode(g) + 0.0722 * decode(b);
  // G. M. Machado et al., 2009: what is left of linear red, green and blue for three kinds of colour-blind eyes.
  const EYES = {
    protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
  };

  for (const dark of [false, true]) {
    it(`grows lighter step by step for all eyes, and neither end is lost (${dark ? "dark" : "light"})`, () => {
      const ramp = valueRamp(dark);
      const light = ramp.map(luminance);
      expect(light.every((value, i) => i === 0 || value > (light[i - 1] as number))).toBe(true);
      for (const matrix of Object.values(EYES)) {
        const seen = ramp.map(([r, g, b]) => {
          const row = (i: number): number =>
            (matrix[i] as number) * decode(r) +
            (matrix[i + 1] as number) * decode(g) +
            (matrix[i + 2] as number) * decode(b);
          return 0.2126 * row(0) + 0.7152 * row(3) + 0.0722 * row(6);
        });
        expect(seen.every((value, i) => i < 8 || value > (seen[i - 8] as number))).toBe(true);
      }
      const ground = dark ? luminance([0x0e, 0x11, 0x16]) : 1;
      const contrast = (value: number): number =>
        (Math.max(value, ground) + 0.05) / (Math.min(value, ground) + 0.05);
      expect(Math.min(...light.map(contrast))).toBeGreaterThan(1.55);
    });
  }

  it("is clamped at its ends, and grey where there is no value", () => {
    const ramp = valueRamp(false);
    expect(valueColour(-5, 0, 1, ramp)).toBe(ramp[0]);
    expect(valueColour(7, 0, 1, ramp)).toBe(ramp.at(-1));
    expect(valueColour(Number.NaN, 0, 1, ramp)).toEqual(classColour(1, 1));
  });
});
