// Class colours: petroff10, then the same ten in lighter and darker steps, so that no class is without a colour.

export type Rgb = readonly [number, number, number];

/** M. Petroff, "Accessible color sequences for data visualization", 2021: ten, safe for colour-blind eyes. */
export const PETROFF10: readonly Rgb[] = [
  [0x3f, 0x90, 0xda],
  [0xff, 0xa9, 0x0e],
  [0xbd, 0x1f, 0x01],
  [0x94, 0xa4, 0xa2],
  [0x83, 0x2d, 0xb6],
  [0xa9, 0x6b, 0x59],
  [0xe7, 0x63, 0x00],
  [0xb9, 0xac, 0x70],
  [0x71, 0x75, 0x81],
  [0x92, 0xda, 0xdd],
];

const NO_CLASS: Rgb = [0x8a, 0x8f, 0x98];
const STEPS = [0, 0.38, -0.34, 0.62, -0.56]; // towards white (+) or black (-), round by round

function shifted(colour: Rgb, step: number): Rgb {
  const goal = step > 0 ? 255 : 0;
  const move = (channel: number): number => Math.round(channel + (goal - channel) * Math.abs(step));
  return [move(colour[0]), move(colour[1]), move(colour[2])];
}

/** The colour of class `code`; codes from `classes` up are rows without a class, in grey. */
export function classColour(code: number, classes: number): Rgb {
  if (code >= classes) return NO_CLASS;
  const base = PETROFF10[code % PETROFF10.length] as Rgb;
  const round = Math.floor(code / PETROFF10.length);
  return shifted(base, STEPS[round % STEPS.length] as number);
}

export function css(colour: Rgb): string {
  return `rgb(${colour[0]} ${colour[1]} ${colour[2]})`;
}

const RAMP_STEPS = 64;
// Lightness and hue (degrees) of the two ends, and the chroma between them, in Oklab's polar form.
const RAMP = { hue: [305, 100], chroma: 0.15, onLight: [0.3, 0.82], onDark: [0.42, 0.93] } as const;

/**
 * Colours for a value from low to high: even steps of lightness, from violet over blue and green to yellow, so that
 * they stay in order for colour-blind eyes and in grey. Neither end is lost on its ground.
 */
export function valueRamp(dark: boolean): Rgb[] {
  const [from, to] = dark ? RAMP.onDark : RAMP.onLight;
  return Array.from({ length: RAMP_STEPS }, (_, step) => {
    const share = step / (RAMP_STEPS - 1);
    const hue = ((RAMP.hue[0] + (RAMP.hue[1] - RAMP.hue[0]) * share) * Math.PI) / 180;
    const lightness = from + (to - from) * share;
    let chroma: number = RAMP.chroma;
    // What the screen cannot show is brought back towards grey.
    while (linear(lightness, chroma, hue).some((channel) => channel < 0 || channel > 1)) chroma *= 0.97;
    return linear(lightness, chroma, hue).map(gamma) as unknown as Rgb;
  });
}

/** Linear red, green and blue of a colour of Oklab (B. Ottosson, "A perceptual color space", 2020). */
function linear(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const gamma = (channel: number): number =>
  Math.round(255 * (channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055));

/** The colour of a value on the ramp; grey where there is none. */
export function valueColour(value: number, low: number, high: number, ramp: readonly Rgb[]): Rgb {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  return Number.isNaN(value) ? NO_CLASS : (ramp[Math.round(share * (ramp.length - 1))] ?? NO_CLASS);
}
