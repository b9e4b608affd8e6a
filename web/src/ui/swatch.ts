import { classColour, css } from "../palette";
import { codes, dataset } from "../state";

/** The colour of a row's class, for CSS. */
export function classCss(row: number): string {
  const classes = dataset.value?.classes.length ?? 0;
  return css(classColour(codes.value[row] ?? classes, classes));
}
