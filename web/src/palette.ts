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
