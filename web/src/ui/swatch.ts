import { classColour, css, type Rgb, valueColour } from "../palette";
import { codes, dataset, type PointValues, pointValues } from "../state";
import { ramp } from "../theme";

/** The colour of a row's dot, for CSS: of its class, or of its value where the map is coloured by one. */
export function dotCss(row: number): string {
  const scale = pointValues.value;
  if (scale) return css(valueColour(scale.values[row] ?? Number.NaN, scale.low, scale.high, rampOf(scale)));
  return classCss(row);
}

/** The colour of a row's class, for CSS. */
export function classCss(row: number): string {
  const classes = dataset.value?.classes.length ?? 0;
  return css(classColour(codes.value[row] ?? classes, classes));
}

/** The colours from the low to the high end of what is shown; of names, one for each. */
export function rampOf(shown: PointValues): readonly Rgb[] {
  const { names } = shown;
  return names ? names.map((_, code) => classColour(code, names.length)) : ramp.value;
}
